"""A demo of its own for each test that asks for one: the history is loaded once and then copied."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bot import composition
from bot.app import build_app
from bot.cli.demo import demo_settings
from bot.demo import cast
from bot.demo.history import History
from bot.demo.start import prepare
from bot.demo.world import Demo
from bot.settings import Settings

#: A Tuesday, a little before check-ins leave.
TUESDAY = datetime(2027, 6, 8, 7, 30, tzinfo=UTC)
#: What a council's own machine may hold: the demo must not look at any of it.
OF_A_COUNCIL = {
    "TWILIO_ACCOUNT_SID": "AC" + 32 * "1",
    "TWILIO_AUTH_TOKEN": "real",
    "TWILIO_FROM": "+447700900001",
    "TELEGRAM_BOT_TOKEN": "1:real",
    "KIT_SMTP_URL": "smtp://127.0.0.1:9",
    "KIT_TEAMS_WEBHOOK_URL": "http://127.0.0.1:9/teams",
    "KIT_OPERATOR_WEBHOOK_URL": "http://127.0.0.1:9/page",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/real",
}


@pytest.fixture(scope="session")
def history() -> History:
    return History.read()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        _alone(patch, folder)
        settings = demo_settings(8123)
        opened = composition.demo(settings)
        assert prepare(opened, now=TUESDAY)
        opened.world.services.database.close()
        composition.demo.cache_clear()
    return folder


def _alone(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """The environment as ``kit demo`` finds it; all that it changes there is undone."""
    for field in Settings.model_fields.values():
        # Set before it is taken away, so that undoing knows of it.
        patch.setenv(str(field.validation_alias), "x")
        patch.delenv(str(field.validation_alias))
    for name, value in OF_A_COUNCIL.items():
        patch.setenv(name, value)
    patch.setenv("KIT_DATA_DIR", str(folder))
    patch.chdir(folder)


@pytest.fixture
def settings(loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    _alone(monkeypatch, tmp_path)
    shutil.copytree(loaded, tmp_path, dirs_exist_ok=True)
    return demo_settings(8123)


@pytest.fixture
def demo(settings: Settings) -> Iterator[Demo]:
    opened = composition.demo(settings)
    opened.world.clock.move_to(TUESDAY)
    yield opened
    opened.world.services.database.close()
    composition.demo.cache_clear()


@pytest.fixture
def app(settings: Settings, demo: Demo) -> Flask:
    app = build_app(settings)
    app.config["WTF_CSRF_METHODS"] = set()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Signed in as Sam, by the demo's button."""
    client = app.test_client()
    answer = client.post("/sign-in/demo", data={"staff": str(cast.worker(cast.SAM).id)})
    assert answer.status_code == 303
    return client
