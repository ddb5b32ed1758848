"""``make bench``: what the service costs against the bare thing it is made of, side by side.

``ARGS="inbound --rounds 5"`` for one measurement only; ``--json FILE`` keeps everything that was measured.
"""

import argparse
import json
import os
import platform
import signal
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.bench import delivery, inbound, scan
from tools.bench.place import place

WHAT = ("inbound", "delivery", "scan")


def main() -> int:
    chosen = _arguments()
    # Ended from outside, it still stops its servers and removes what it wrote.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    results: dict[str, Any] = {"machine": _machine()}
    print("  ".join(f"{name} {value}" for name, value in results["machine"].items()))
    with place() as here:
        if "inbound" in chosen.what:
            results["inbound"] = []
            for found in inbound.measure(here, rounds=chosen.rounds, seconds=chosen.seconds):
                results["inbound"].append(found)
                _show_inbound(found)
        if "delivery" in chosen.what:
            results["delivery"] = []
            for found in delivery.measure(here, rounds=chosen.rounds, texts=chosen.texts):
                results["delivery"].append(found)
                _show_delivery(found)
        if "scan" in chosen.what:
            results["scan"] = []
            for found in scan.measure(here, rounds=chosen.rounds, populations=tuple(chosen.people)):
                results["scan"].append(found)
                _show_scan(found)
    if chosen.json:
        chosen.json.write_text(json.dumps(results, indent=2) + "\n")
    missed = [
        found["engine"]
        for found in results.get("inbound", [])
        if found["ratios"]["accepted"] < found["target"]
    ]
    if missed:
        print(f"\nBelow the target: {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description="The measurements.")
    parser.add_argument("what", nargs="*", choices=[*WHAT, []], help="which; all without it")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each server in each round")
    parser.add_argument("--texts", type=int, default=300, help="delivered in each round")
    parser.add_argument("--people", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--json", type=Path, help="keep all figures in this file")
    chosen = parser.parse_args()
    chosen.what = chosen.what or WHAT
    return chosen


def _machine() -> dict[str, str]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in ("flask", "granian", "sqlalchemy", "psycopg", "twilio")},
    }


def _show_inbound(found: dict[str, Any]) -> None:
    print(f"\nInbound texts a second to a committed row, {found['engine']} (target {found['target']})")
    print(f"{'':10} {'ratio':>6} {'per second, by round':>28} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    for variant, rounds in found["rounds"].items():
        rates = "  ".join(f"{one['per_second']:.0f}" for one in rounds)
        middle = sorted(rounds, key=lambda one: float(one["per_second"]))[len(rounds) // 2]
        slow = f"{middle['p50_ms']:8.1f} {middle['p99_ms']:8.1f} {max(one['max_ms'] for one in rounds):8.1f}"
        print(f"{variant:10} {found['ratios'][variant]:6.2f} {rates:>28} {slow}", flush=True)


def _show_delivery(found: dict[str, Any]) -> None:
    print(f"\nTexts a second to the provider, {found['engine']}, {found['threads']} threads")
    for name, rates in found["rounds"].items():
        ratio = f"{found['ratio']:6.2f}" if name == "ours" else f"{1:6.2f}"
        print(f"{name:10} {ratio} {'  '.join(f'{rate:.0f}' for rate in rates):>28}", flush=True)


def _show_scan(found: dict[str, Any]) -> None:
    print(f"\nThe look for due check-ins, {found['engine']}")
    print(f"{'people':>10} {'nobody due, ms':>16} {'all due, ms':>16} {'whole table, ms':>16}")
    for one in found["scans"]:
        print(
            f"{one['people']:>10,} {one['empty_ms']:>16} {one['due_ms']:>16} {one['whole_table_ms']:>16}",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
