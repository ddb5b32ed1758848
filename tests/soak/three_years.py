"""Two hundred people for three years by the hour, through six clock changes, with random downtime (G9).

``PYTHONPATH=tests:. python -m soak.three_years [--people N] [--days N] [--seed N]`` prints what happened as
JSON and exits 1 when a rule was broken.
"""

import argparse
import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cohort import Cohort
from databases import migrate, new_keyring, sqlite_url
from simulation import Simulation, never_mind_power_cuts
from storage.database import Database


def main() -> int:
    chosen = _arguments()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        url = sqlite_url(Path(folder) / "kit.db")
        migrate(url)
        database = never_mind_power_cuts(Database(url, keyring=new_keyring()))
        cohort = Cohort(database, now=datetime(2026, 9, 7, tzinfo=UTC))
        simulation = Simulation(cohort, seed=chosen.seed, every_hour=chosen.every_hour)
        simulation.populate(chosen.people)
        simulation.run(days=chosen.days)
        simulation.judge_the_end()
        database.close()
    report = {
        "people": chosen.people,
        "days": chosen.days,
        "seconds": round(time.perf_counter() - began, 1),
        **simulation.happened,
        "texts": sum(len(texts) for texts in simulation.left.values()),
        "faults": simulation.faults,
    }
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    return 1 if simulation.faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Three simulated years of the clock.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=3 * 365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-hour", action="store_true", help="tick in idle hours too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
