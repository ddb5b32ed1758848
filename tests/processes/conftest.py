"""Installations for tests of whole processes, one database of each kind."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation import Installation
from standins.twilio import TwilioStandIn


@pytest.fixture
def twilio() -> Iterator[TwilioStandIn]:
    with TwilioStandIn() as running:
        yield running


@pytest.fixture
def installation(empty_database_url: str, twilio: TwilioStandIn) -> Iterator[Installation]:
    """Nothing of it runs yet, and its database has no tables."""
    with (
        tempfile.TemporaryDirectory(prefix="kit-installation-") as folder,
        Installation(folder=Path(folder), url=empty_database_url, twilio=twilio) as made,
    ):
        yield made
