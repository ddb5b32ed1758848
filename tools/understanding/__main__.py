"""``make evaluate``: how well replies are understood, beside plain baselines, in one run.

Figures are of the held-out third; ``--all`` takes every text, ``--sample FILE`` compares the texts with
somebody else's as well, so that none of them is a copy.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from messages.understand import understand
from messages.understanding import Understanding
from tools.understanding import baselines, figures, likeness
from tools.understanding.figures import Share
from tools.understanding.likeness import Said
from tools.understanding.texts import Labelled, load

_CONSOLE = Console(width=110)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.understanding", description=__doc__)
    parser.add_argument("--all", action="store_true", help="every text, not only those held out")
    parser.add_argument(
        "--misread",
        action="append",
        default=[],
        metavar="WORD",
        help="list texts of this group, kind or language that were misread, never those held out",
    )
    parser.add_argument("--sample", type=Path, help="JSON lines to compare the texts with")
    parser.add_argument(
        "--skip-likeness", action="store_true", help="do not compare the texts with each other"
    )
    arguments = parser.parse_args()
    every = load()
    if arguments.misread:
        _list_misread([text for text in every if not text.held_out], frozenset(arguments.misread))
        return
    judged = [text for text in every if arguments.all or text.held_out]
    print(
        f"{len(every)} texts, {sum(text.held_out for text in every)} of them held out; {len(judged)} judged."
    )
    readings = _read(judged)
    _show("The service", {**figures.urgency(readings), **figures.meaning(readings)})
    _show("Urgent texts heard", figures.by_kind(readings))
    for name, read in baselines.every().items():
        _show(f"Baseline: {name}", figures.urgency([(text, read(text)) for text in judged]))
    if not arguments.skip_likeness:
        _compare(every, arguments.sample)


def _list_misread(texts: Sequence[Labelled], words: frozenset[str]) -> None:
    """What to work on: a line for each text that was misread, with what it should have been."""
    some = [
        text for text in texts if words & {text.group.value, text.language, text.intent.value, *text.dangers}
    ]
    wrong = [
        (text, faults)
        for text in some
        if (faults := figures.faults(text, understand(text.text, text.context)))
    ]
    for text, faults in wrong:
        print(f"{text.id} [{text.context}] {text.text!r}: {', '.join(faults)}")
    print(f"{len(wrong)} of {len(some)} misread.")


def _read(texts: Sequence[Labelled]) -> list[tuple[Labelled, Understanding]]:
    began = time.perf_counter()
    readings = [
        (text, understand(text.text, text.context, explain=False))
        for text in track(texts, "Reading", console=_CONSOLE, disable=not _CONSOLE.is_terminal)
    ]
    print(f"Read {len(texts) / (time.perf_counter() - began):,.0f} texts a second.")
    return readings


def _show(title: str, shares: Mapping[str, Share]) -> None:
    table = Table("", "share", "95 % interval", "texts", title=title, title_justify="left", box=None)
    for name, share in shares.items():
        low, high = share.interval
        table.add_row(name, f"{share.value:.1%}", f"{low:.1%} to {high:.1%}", f"{share.hits} of {share.of}")
    _CONSOLE.print()
    _CONSOLE.print(table)


def _compare(texts: Sequence[Labelled], sample: Path | None) -> None:
    said = [Said(id=one.id, text=one.text, context=one.context, language=one.language) for one in texts]
    others = _sample(sample) if sample else []
    closest = likeness.most_alike(said, others)
    if closest:
        print(f"\nMost alike: {closest.similarity:.0f} of 100 ({closest.one} and {closest.other}).")
    for pair in likeness.too_alike(said, others):
        print(f"Too alike: {pair.similarity:.0f} ({pair.one} and {pair.other})")


def _sample(file: Path) -> list[Said]:
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [
        Said(id=row["id"], text=row["text"], context=row["context"], language=row["lang"]) for row in rows
    ]


if __name__ == "__main__":
    main()
