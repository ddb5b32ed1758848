"""A year and a half of nine people by the hour, with outages and both clock changes (G9 in small)."""

from datetime import UTC, datetime

from cohort import Cohort
from simulation import Simulation, never_mind_power_cuts
from storage.database import Database
from storage.sealing import Keyring


def test_every_slot_is_sent_once_or_skipped_with_a_reason(sqlite_database_url: str, keyring: Keyring) -> None:
    database = never_mind_power_cuts(Database(sqlite_database_url, keyring=keyring))
    simulation = Simulation(Cohort(database, now=datetime(2026, 9, 7, tzinfo=UTC)), seed=7)
    simulation.populate(9)
    simulation.run(days=550)
    simulation.judge_the_end()
    database.close()
    assert simulation.faults == []
    assert simulation.happened["asked"] > 150
    assert simulation.happened["outage"] >= 3
    assert simulation.happened["skipped"] > 3
    for steady in simulation.steady:
        gaps = simulation.gaps(steady)
        assert len(gaps) > 12
        assert max(gaps) <= 28 + 5
