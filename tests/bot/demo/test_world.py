"""Nothing real can be sent from the demo, whatever the environment holds, and no demo in production."""

import socket
import stat
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner
from flask.testing import FlaskClient

from bot import composition
from bot.app import build_app
from bot.channels.simulator import Simulator
from bot.cli.demo import PortTaken
from bot.cli.demo import demo as start_demo
from bot.demo.clock import DemoClock
from bot.demo.start import prepare
from bot.demo.world import Demo
from bot.settings import Environment, Settings
from messages.channel import ChannelName
from scheduler import jobs
from scheduler.jobs import HEARTBEAT
from storage import markers, migrations
from storage.sealing import new_key


def test_the_only_channels_are_simulated(settings: Settings, demo: Demo) -> None:
    services = composition.services(settings)
    assert set(services.channels) == {ChannelName.SMS, ChannelName.TELEGRAM}
    assert all(type(channel) is Simulator for channel in services.channels.values())


def test_nothing_of_a_councils_own_settings_is_taken_over(settings: Settings, demo: Demo) -> None:
    council = demo.world.services.council
    assert not any((council.operator_email, council.operator_phone, council.operator_webhook_url))
    assert settings.url.startswith("sqlite:///")
    assert not settings.sms
    assert not settings.telegram
    assert "real" not in demo.world.keys.twilio.auth_tokens


def test_a_demo_by_hand_with_a_councils_variables_sends_nothing_either(
    settings: Settings, demo: Demo, tmp_path: Path
) -> None:
    """``KIT_ENV=demo kit worker``, without ``kit demo`` before it."""
    by_hand = Settings.from_environment(
        KIT_ENV="demo",
        KIT_DATA_DIR=tmp_path / "other",
        DATABASE_URL=f"sqlite:///{tmp_path}/other/kit.db",
        TWILIO_ACCOUNT_SID="AC" + 32 * "1",
        TWILIO_AUTH_TOKEN="real",
        TWILIO_FROM="+447700900001",
        TELEGRAM_BOT_TOKEN="1:real",
        KIT_SMTP_URL="smtp://127.0.0.1:9",
        KIT_TEAMS_WEBHOOK_URL="http://127.0.0.1:9/teams",
    )
    assert by_hand.sms
    services = composition.services(by_hand)
    assert all(type(channel) is Simulator for channel in services.channels.values())
    assert set(services.channels) == {ChannelName.SMS, ChannelName.TELEGRAM}
    services.database.close()


def test_production_has_no_simulator_and_no_demo_button(tmp_path: Path) -> None:
    production = Settings.from_environment(
        KIT_ENV=Environment.PRODUCTION,
        KIT_DATA_DIR=tmp_path,
        DATABASE_URL=f"sqlite:///{tmp_path}/kit.db",
        KIT_SECRET_KEY="secret",
        KIT_ENCRYPTION_KEYS=new_key(),
        KIT_INDEX_KEY=new_key(),
    )
    database = composition.services(production).database
    migrations.upgrade(database)
    database.close()
    app = build_app(production)
    app.config["WTF_CSRF_METHODS"] = set()
    client = app.test_client()
    assert client.get("/simulator").status_code == 404
    assert client.post("/simulator/forward", data={"by": "day"}).status_code == 404
    assert client.post("/sign-in/demo", data={"staff": "x"}).status_code == 404
    page = client.get("/sign-in").text
    assert "/sign-in/demo" not in page
    assert "Whose eyes" not in page


def test_the_demos_door_has_a_button_for_each_role(client: FlaskClient) -> None:
    client.post("/sign-out")
    page = client.get("/sign-in").text
    for name in ("Sam Okafor", "Mira Solanki", "Helen Ashdown", "Ruth Carter", "Zainab Aziz", "Peter Nash"):
        assert name in page


def test_the_banner_is_on_the_page(client: FlaskClient) -> None:
    assert "Nothing here is sent to anyone" in client.get("/simulator").text


def test_keys_are_private(settings: Settings, demo: Demo) -> None:
    keys = list((settings.data_dir / "keys").iterdir())
    assert len(keys) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}


def test_both_processes_go_by_one_clock(demo: Demo) -> None:
    mine, other = demo.world.clock, DemoClock(demo.world.services.database)
    later = mine() + timedelta(days=2)
    mine.move_to(later)
    assert abs(mine() - other()) < timedelta(seconds=5)
    assert other() >= later


def test_a_second_start_changes_nothing_and_goes_on_where_it_stood(demo: Demo) -> None:
    services = demo.world.services
    jobs.run_all(services, services.clock())
    with services.database.read() as session:
        stood = markers.get(session, HEARTBEAT)
    assert stood is not None
    demo.world.clock.move_to(stood.at + timedelta(days=5))  # the machine was off for five days
    assert prepare(demo) is False
    assert demo.world.clock() - stood.at < timedelta(minutes=1)


def test_a_port_that_is_taken_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = CliRunner().invoke(start_demo, ["--port", str(taken.getsockname()[1])])
    assert isinstance(done.exception, PortTaken)
