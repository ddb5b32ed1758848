"""``kit simulate``: a small population lives through some weeks, and what it brought adds up."""

import json

from click.testing import CliRunner

from bot.cli.simulate import simulate


def test_a_few_weeks_of_a_few_people_add_up() -> None:
    done = CliRunner().invoke(simulate, ["--people", "4", "--years", "0.06"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.output.splitlines()[-1])
    assert report["people"] == 4
    assert report["texts"]["welcome"] == 4
    assert report["texts"]["check_in"] == sum(
        count for state, count in report["check_ins"].items() if state != "skipped"
    )
    assert report["cost_gbp"] == round(report["segments"] * 0.04, 2)
    assert report["received"] > 0
