"""Inbound texts a second to a committed row, against a bare Flask route on the same server.

The rate of "handled" is of texts whose whole conversation is done; its times are those of the answers.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from statistics import median
from typing import Any

from reckoning import unhandled
from tools.bench import load
from tools.bench.place import CHOICE, ENGINES, Place, now, served
from town import Town

VARIANTS = ("bare", "accepted", "handled")
#: The least ratio of "accepted" to "bare".
TARGETS = {"sqlite": 0.70, "postgresql": 0.55}
PUBLIC = "https://kit.example.org"
#: Handled in each round, each from another sender.
TEXTS = 260
SENDERS = 3 * TEXTS


def measure(place: Place, *, rounds: int, seconds: float) -> Iterator[dict[str, Any]]:
    for engine in ENGINES:
        yield _compare(place, engine, rounds=rounds, seconds=seconds)


def _compare(place: Place, engine: str, *, rounds: int, seconds: float) -> dict[str, Any]:
    """Interleaved rounds, all servers up from the first to the last; ratios within each round."""
    figures: dict[str, list[load.Figures]] = defaultdict(list)
    with ExitStack() as stack:
        ports, urls = {}, {}
        for variant in VARIANTS:
            url = urls[variant] = place.fresh(engine)
            senders = _senders(place, url) if variant == "handled" else ("+447700900200",)
            environment = place.environment(url, public=PUBLIC, port=0) | {CHOICE: variant}
            port = stack.enter_context(served("tools.bench.serve", environment, place.folder))
            ports[variant] = port, senders
            load.run(load.Job(port=port, public=PUBLIC, seconds=1, senders=senders))
        for number in range(rounds):
            # Another order each round, so that no variant always follows the same neighbour.
            for variant in (*VARIANTS[number % 3 :], *VARIANTS[: number % 3]):
                port, senders = ports[variant]
                job = load.Job(port=port, public=PUBLIC, seconds=seconds, senders=senders)
                if variant == "handled":
                    # One text of each: several of one sender at once are read together, which is dear.
                    job = replace(job, first=number * TEXTS, most=TEXTS)
                began = time.perf_counter()
                taken = load.run(job)
                if variant == "handled":
                    taken = _until_handled(place, urls[variant], taken, began)
                figures[variant].append(taken)
    return {
        "engine": engine,
        "target": TARGETS[engine],
        "ratios": {name: _ratio(taken, figures["bare"]) for name, taken in figures.items()},
        "rounds": {variant: [asdict(one) for one in taken] for variant, taken in figures.items()},
    }


def _ratio(ours: Sequence[load.Figures], bare: Sequence[load.Figures]) -> float:
    """The median of the rounds' ratios."""
    pairs = zip(ours, bare, strict=True)
    return round(median(one.per_second / other.per_second for one, other in pairs), 2)


def _until_handled(place: Place, url: str, taken: load.Figures, began: float) -> load.Figures:
    """The same figures with the rate at which texts were done with, the last of them included."""
    database = place.open(url)
    try:
        while unhandled(database):
            time.sleep(0.05)
        return replace(taken, per_second=round(taken.answered / (time.perf_counter() - began), 1))
    finally:
        database.close()


def _senders(place: Place, url: str) -> tuple[str, ...]:
    """Enrolled young people, so that the whole conversation runs for each text."""
    database = place.open(url)
    try:
        town = Town(database, now=now())
        return tuple(town.young_person("Jay").address for _ in range(SENDERS))
    finally:
        database.close()
