"""A web process that only takes texts in pays for no SDK: each takes a good part of a second to import."""

import subprocess
import sys

import pytest

HEAVY = ("requests", "telegram", "twilio", "urllib3", "httpx")


@pytest.mark.parametrize(
    "module",
    [
        "twilio_signature",
        "twilio_webhook",
        "twilio_sms",
        "telegram_webhook",
        "simulated_requests",
        "simulator",
    ],
)
def test_the_doors_in_import_no_sdk(module: str) -> None:
    told = f"import sys, bot.channels.{module}; print(*set({HEAVY}) & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
