"""The environment: read once, typed; every fault told at once, in words, without a secret in them."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import composition, secrets
from bot.channels.configured import configured
from bot.faults import faults
from bot.settings import BadSettings, Environment, Settings
from messages.channel import ChannelName
from messages.kinds import OutboundKind
from scheduler import rules
from storage import migrations
from storage.database import Database
from storage.outbound import OutboundMessage
from storage.sealing import new_key
from tools.settings_docs import FILES
from town import Town

GOOD = {
    "KIT_ENV": "production",
    "KIT_COUNCIL": "Westhaven",
    "KIT_PUBLIC_URL": "https://kit.example.org",
    "KIT_OUT_OF_HOURS_ALERT": "night@westhaven.example",
    "KIT_OUT_OF_HOURS_PHONE": "01632 960990",
    "KIT_SMTP_URL": "smtp://127.0.0.1:25",
    "KIT_MAIL_FROM": "kit@westhaven.example",
    "KIT_OPERATOR_WEBHOOK_URL": "https://pager.example.org/x",
    "KIT_DATA_PERSISTENT": "yes",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token-zebra",
    "TWILIO_MESSAGING_SERVICE_SID": "MG1",
}


def _settings(tmp_path: Path, **changes: str) -> Settings:
    return Settings.from_environment(_env_file=None, KIT_DATA_DIR=str(tmp_path), **(_keys() | GOOD | changes))


def _keys() -> dict[str, str]:
    return {"KIT_SECRET_KEY": "s" * 40, "KIT_ENCRYPTION_KEYS": new_key(), "KIT_INDEX_KEY": new_key()}


@pytest.fixture
def migrated(tmp_path: Path) -> Path:
    settings = _settings(tmp_path)
    database = Database(settings.url, keyring=secrets.load(settings).keyring)
    migrations.upgrade(database)
    with database.begin() as session:
        for contact in ("complaints_contact", "advocacy_contact"):
            rules.change(session, contact, "01632 960011", now=datetime(2026, 11, 24, tzinfo=UTC))
    database.close()
    return tmp_path


def test_complain_must_have_an_answer_before_a_council_goes_live(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    database = Database(settings.url, keyring=secrets.load(settings).keyring)
    migrations.upgrade(database)
    database.close()
    (fault,) = faults(settings)
    assert "kit settings set complaints_contact" in fault


def test_a_whole_configuration_has_no_fault(migrated: Path) -> None:
    assert faults(_settings(migrated)) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_MESSAGING_SERVICE_SID": ""}, "TWILIO_FROM"),
        ({"KIT_MAIL_FROM": ""}, "KIT_MAIL_FROM"),
        ({"KIT_PUBLIC_URL": "http://kit.example.org"}, "https"),
        ({"KIT_PUBLIC_URL": "https://leaving-care.example.org"}, "gives away"),
        ({"KIT_COUNCIL": ""}, "KIT_COUNCIL"),
        ({"KIT_OUT_OF_HOURS_ALERT": ""}, "KIT_OUT_OF_HOURS_ALERT"),
        ({"KIT_OUT_OF_HOURS_ALERT": "01632 960990"}, "landline"),
        ({"KIT_OUT_OF_HOURS_PHONE": ""}, "KIT_OUT_OF_HOURS_PHONE"),
        ({"KIT_SMTP_URL": ""}, "needs KIT_SMTP_URL: nobody"),
        (
            {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "TWILIO_MESSAGING_SERVICE_SID": ""}
            | {"TELEGRAM_BOT_TOKEN": "1:a", "KIT_SMTP_URL": ""},
            "No alert can leave",
        ),
        ({"KIT_OPERATOR_WEBHOOK_URL": "nonsense"}, "KIT_OPERATOR_WEBHOOK_URL"),
        ({"KIT_OPERATOR_WEBHOOK_URL": ""}, "KIT_OPERATOR_EMAIL"),
        ({"KIT_DATA_PERSISTENT": ""}, "KIT_DATA_PERSISTENT"),
        ({"KIT_TIME_TRAVEL": "1"}, "KIT_TIME_TRAVEL"),
        ({"KIT_ENCRYPTION_KEYS": "short"}, "32 bytes"),
        ({"KIT_SECRET_KEY": ""}, "KIT_SECRET_KEY"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "does not answer"),
    ],
)
def test_each_fault_is_named_without_a_secret(migrated: Path, changes: dict[str, str], named: str) -> None:
    found = " ".join(faults(_settings(migrated, **changes)))
    assert named in found
    assert "zebra" not in found


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    found = faults(_settings(tmp_path, KIT_COUNCIL="", TWILIO_AUTH_TOKEN="", KIT_PUBLIC_URL="nonsense"))
    assert len(found) >= 4


def test_an_unmigrated_database_is_a_fault(tmp_path: Path) -> None:
    assert any("kit db upgrade" in fault for fault in faults(_settings(tmp_path)))


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "x"), ("KIT_ENV", "prod"), ("KIT_TIMEZONE", "Mars"), ("KIT_PUBLIC_URL", "http://[::1")],
)
def test_what_cannot_be_read_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadSettings, match=name):
        Settings.from_environment(_env_file=None, **{name: value})


def test_keys_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    settings = Settings.from_environment(_env_file=None, KIT_ENV="development", KIT_DATA_DIR=str(tmp_path))
    first, second = secrets.load(settings), secrets.load(settings)
    assert first.session_key == second.session_key
    assert first.keyring.index("x") == second.keyring.index("x")
    files = list((tmp_path / "keys").iterdir())
    assert len(files) == 3
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_production_makes_no_keys_of_its_own(tmp_path: Path) -> None:
    settings = Settings.from_environment(_env_file=None, KIT_DATA_DIR=str(tmp_path))
    assert settings.environment is Environment.PRODUCTION
    with pytest.raises(secrets.KeysMissing, match="KIT_ENCRYPTION_KEYS"):
        secrets.load(settings)


def test_the_out_of_hours_line_is_known_however_it_is_written(tmp_path: Path) -> None:
    settings = _settings(tmp_path, KIT_OUT_OF_HOURS_ALERT="07700 900 999")
    assert composition.council(settings).out_of_hours_alert == "+447700900999"


def test_the_page_and_the_example_are_the_settings() -> None:
    for path, made in FILES.items():
        assert path.read_text(encoding="utf-8") == made(), "run python -m tools.settings_docs"


def test_channels_are_known_at_once_and_built_when_first_used(tmp_path: Path) -> None:
    built = configured(_settings(tmp_path, TELEGRAM_BOT_TOKEN="1:a", KIT_SMTP_URL=""))
    assert set(built) == {ChannelName.SMS, ChannelName.TELEGRAM, ChannelName.WEBHOOK}
    assert ChannelName.EMAIL not in built
    assert built[ChannelName.SMS] is built[ChannelName.SMS]
    assert built[ChannelName.SMS].name is ChannelName.SMS


def test_the_web_process_tells_staff_though_it_sends_nothing(
    migrated: Path,
) -> None:
    services = composition.services(_settings(migrated))
    town = Town(services.database)
    town.services = replace(town.services, channels=services.channels)
    jay = town.young_person()
    jay.texts("i want to die", settle=False)
    with services.database.read() as session:
        told = session.scalars(
            select(OutboundMessage).where(OutboundMessage.kind == OutboundKind.ALERT)
        ).all()
    assert told
    services.database.close()
