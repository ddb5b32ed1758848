"""``make train``: the readers of replies, from the labelled texts to the files that are shipped.

Some four hours on two cores. The same texts on the same machine and installation give the same files.
Nothing is put in place before all of it is made.
"""

import argparse
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from messages.understand import shipped, trained
from messages.understand.heads import ASKED, WIDTH
from messages.understanding import Context
from tools.understanding.texts import FOLDER, Labelled, load
from tools.understanding.training import e5, mpnet, pieces
from tools.understanding.training.base import Base
from tools.understanding.training.export import export
from tools.understanding.training.fit import Plan, fit
from tools.understanding.training.lines import ENGLISH, LANGUAGES, lines
from tools.understanding.training.network import with_heads

_PLANS = {
    "english": Plan(rounds=5, rate=4e-5, batch=32),
    "languages": Plan(rounds=6, rate=7e-5, batch=48),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.understanding.training", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*_PLANS, "lines"], default=[*_PLANS, "lines"])
    parser.add_argument("--texts", type=Path, default=FOLDER, help="folder of labelled texts")
    arguments = parser.parse_args()
    every = load(arguments.texts)
    new = shipped.FOLDER.with_name("trained.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(shipped.FOLDER, new)
    for part in _PLANS.keys() & set(arguments.parts):
        own = [text for text in every if part != "english" or text.language == "en"]
        _train(part, [text for text in own if not text.held_out and not text.tuning], new / part)
    _draw_lines(new, [text for text in every if text.tuning])
    shipped.seal(new)
    shutil.rmtree(shipped.FOLDER)
    new.rename(shipped.FOLDER)


def _train(part: str, texts: Sequence[Labelled], folder: Path) -> None:
    if part == "english":
        base: Base = mpnet.load()
        rows = pieces.write_words(base, folder / "pieces.txt")
    else:
        base = several = e5.load()
        wordings = (trained.wording(text.text) for text in texts)
        rows = pieces.write_model(several, wordings, folder / "pieces.model")
    print(f"{part}: {len(texts)} texts to train on, {len(rows)} word pieces.", flush=True)
    start = with_heads(base.parameters, rows, WIDTH, seed=Plan.seed)
    export(
        fit(start, base.network, texts, _taker(folder), _PLANS[part]), base.network, folder / "reader.onnx"
    )


def _taker(folder: Path) -> Callable[[str, Context], list[int]]:
    """The word pieces of a text, framed and with what was asked before it."""
    encode = trained.encoder(folder)
    asked = {context: encode(word) for context, word in ASKED.items()}

    def taken(text: str, context: Context) -> list[int]:
        return trained.framed(encode(trained.wording(text))[: trained.ROOM], asked[context])

    return taken


def _draw_lines(folder: Path, tuning: Sequence[Labelled]) -> None:
    """The lines of either reader, on the texts that it decides on."""
    file = folder / "lines.json"
    file.write_text('{"english": {}, "languages": {}}', "utf-8")
    readers = trained.Readers(folder)
    read = [(text, readers.read(text.text, text.context)) for text in tuning]
    found = {}
    for name, english, borne in (("english", True, ENGLISH), ("languages", False, LANGUAGES)):
        own = [(text, scores.row) for text, scores in read if scores.english is english]
        found[name] = lines([text for text, _ in own], np.stack([row for _, row in own]), borne)
    drawn = json.dumps(found, indent=2)
    file.write_text(f"{drawn}\n", "utf-8")
    print(drawn)


if __name__ == "__main__":
    main()
