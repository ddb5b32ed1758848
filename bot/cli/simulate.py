"""``kit simulate``: an invented population through the real clock, to see what a year brings and costs."""

import json
import tempfile
import time
from pathlib import Path

import click

from bot import logs


@click.command()
@click.option("--people", "number", type=click.IntRange(1, 5000), default=20, show_default=True)
@click.option("--years", type=click.FloatRange(0.01, 10), default=0.25, show_default=True)
@click.option("--pence", type=float, default=4.0, show_default=True, help="Price of one SMS segment.")
def simulate(number: int, years: float, pence: float) -> None:
    """Fast-forward invented people through the real scheduler; print counts, cost and time as JSON."""
    from bot.demo.population import lived

    logs.configure("warning")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        counts = lived(Path(folder), people=number, years=years)
    report = {
        "people": number,
        "years": years,
        **counts,
        "cost_gbp": round(counts["segments"] * pence / 100, 2),
        "seconds": round(time.monotonic() - began, 1),
    }
    click.echo(json.dumps(report))
