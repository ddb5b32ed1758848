"""``kit``, as an administrator types it: words on the screen, reasons on stderr, exit codes 0, 1 and 2."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot import composition
from bot.cli import kit
from bot.cli.telegram import keep_polling, take_updates
from bot.settings import Settings
from messages.channel import ChannelName, Failure, InboundKind, SendError
from messages.errors import KitError
from scheduler.services import Services
from standins.telegram import TOKEN, TelegramStandIn
from storage import markers
from storage import staff as records
from storage.sealing import Keyring
from town import Phone, Town
from web.passwords import matches


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KIT_ENV", "development")
    monkeypatch.setenv("KIT_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def upgraded(home: Path) -> Path:
    assert _kit("db", "upgrade").exit_code == 0
    return home


def _kit(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(kit, list(words), input=typed)


def _services() -> Services:
    return composition.services(Settings.from_environment(_env_file=None))


def test_every_command_has_help() -> None:
    for name, command in kit.commands.items():
        assert _kit(name, "--help").exit_code == 0
        assert command.help


def test_a_wrong_option_is_a_usage_error() -> None:
    assert _kit("tick", "--never").exit_code == 2
    assert _kit("segments").exit_code == 2


def test_the_database_is_upgraded_once(home: Path) -> None:
    assert "empty ->" in _kit("db", "upgrade", "--dry-run").output
    assert _kit("db", "upgrade").exit_code == 0
    assert "Nothing to do" in _kit("db", "upgrade").output
    assert "the chain is whole" in _kit("audit", "verify").output


def test_a_command_on_an_old_schema_says_what_to_do(home: Path) -> None:
    refused = _kit("tick")
    assert isinstance(refused.exception, KitError)
    assert "kit db upgrade" in str(refused.exception)


def test_check_prints_faults_and_exits_1(home: Path) -> None:
    checked = _kit("check", "--json")
    assert checked.exit_code == 1
    assert any("kit db upgrade" in fault for fault in json.loads(checked.output)["faults"])
    _kit("db", "upgrade")
    checked = _kit("check")
    assert checked.exit_code == 0
    assert "Machine-drafted, have a native speaker check: Amharic, Arabic, Central Kurdish," in checked.output
    assert "Shelter, housing advice in England, free (0808 800 4444)" in checked.output


def test_settings_are_listed_changed_and_refused_in_words(upgraded: Path) -> None:
    assert json.loads(_kit("settings", "list", "--json").output)["texts_a_week"] == 3
    assert "texts_a_week is 2" in _kit("settings", "set", "texts_a_week", "2").output
    assert "can be" in _kit("settings", "set", "texts_a_week", "1", "--dry-run").output
    listed = _kit("settings", "list").output
    assert json.loads(_kit("settings", "list", "--json").output)["texts_a_week"] == 2
    assert "complaints_contact" in listed
    refused = _kit("settings", "set", "window_from", "noon")
    assert "09:00:00" in str(refused.exception)
    assert "the chain is whole" in _kit("audit", "verify").output


def test_staff_are_added_with_a_password_from_standard_input(upgraded: Path) -> None:
    words = ("staff", "add", "Sam@Westhaven.example", "--name", "Sam Okafor", "--role", "adviser")
    options = ("--phone", "07700 900 510", "--team", "Harbour", "--password-stdin")
    assert "Can be added" in _kit(*words, *options, "--dry-run", typed="correct horse battery\n").output
    assert _kit(*words, *options, typed="correct horse battery\n").exit_code == 0
    services = _services()
    with services.database.read() as session:
        sam = records.by_email(session, "sam@westhaven.example")
        assert sam is not None
        assert sam.phone == "+447700900510"
        assert sam.password_hash is not None
        assert matches(sam.password_hash, "correct horse battery")
    services.database.close()
    again = _kit(*words)
    assert isinstance(again.exception, KitError)


@pytest.mark.parametrize("phone", ["01632 960990", "not a number"])
def test_a_phone_that_takes_no_texts_is_refused(upgraded: Path, phone: str) -> None:
    words = ("staff", "add", "a@b.example", "--name", "A B", "--role", "duty", "--phone", phone)
    assert isinstance(_kit(*words).exception, KitError)


def test_tick_prints_the_numbers_of_each_job(upgraded: Path) -> None:
    numbers = json.loads(_kit("tick").output)
    assert {"ask_check_ins", "advance_alerts", "deliver", "pick_up"} <= numbers.keys()


def test_a_real_clock_is_not_moved_by_hand(upgraded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(_kit("tick", "--now", "2027-01-01T10:00:00").exception, KitError)
    monkeypatch.setenv("KIT_TIME_TRAVEL", "1")
    assert _kit("tick", "--now", "2027-01-01T10:00:00").exit_code == 0
    assert _kit("tick", "--now", "soon").exit_code == 2


def test_understand_and_segments_print_json_lines(tmp_path: Path) -> None:
    meaning = json.loads(_kit("understand", "2 but can u ring me", "--context", "check_in").output)
    assert meaning["mood"] == 0
    assert "call_me" in json.dumps(meaning)
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"id": "a", "text": "ok"}\n\n{"id": "b", "text": "👍"}\n', encoding="utf-8")
    counted = [json.loads(line) for line in _kit("segments", "--file", str(lines)).output.splitlines()]
    assert [(one["id"], one["encoding"]) for one in counted] == [("a", "GSM-7"), ("b", "UCS-2")]
    lines.write_text('{"id": "a"}\n', encoding="utf-8")
    assert _kit("understand", "--file", str(lines)).exit_code == 1
    lines.write_text('{"id": "a", "text": "hi", "context": "pub"}\n', encoding="utf-8")
    assert "check_in" in _kit("understand", "--file", str(lines)).output
    lines.write_bytes(b'{"id": "a", "text": "caf\xe9"}\n')
    assert _kit("understand", "--file", str(lines)).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("web", "--port", "99999999"),
        ("run", "--port", "0"),
        ("demo", "--port", "99999999"),
    ],
)
def test_a_port_that_is_none_is_a_usage_error(words: tuple[str, ...]) -> None:
    assert _kit(*words).exit_code == 2


def test_a_time_of_no_century_of_ours_is_a_usage_error(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIT_TIME_TRAVEL", "1")
    assert _kit("tick", "--now", "0001-01-01").exit_code == 2


def test_an_export_may_end_at_the_end_of_time(upgraded: Path) -> None:
    assert _kit("export", "people", "--to", "9999-12-31").exit_code == 0


def test_new_keys_are_ones_that_the_service_takes() -> None:
    lines = dict(line.split("=", 1) for line in _kit("keys", "new").output.splitlines())
    Keyring(encryption_keys=lines["KIT_ENCRYPTION_KEYS"], index_keys=lines["KIT_INDEX_KEY"])
    assert len(lines["KIT_SECRET_KEY"]) >= 40


def test_a_colleagues_mobile_is_set_anew_and_wakes_their_alerts(upgraded: Path) -> None:
    _kit("staff", "add", "sam@westhaven.example", "--name", "Sam Okafor", "--role", "adviser")
    services = _services()
    with services.database.begin() as session:
        sam = records.by_email(session, "sam@westhaven.example")
        assert sam is not None
        sam.phone_failed_at = datetime.now(UTC)
    assert "Can be set" in _kit("staff", "phone", "sam@westhaven.example", "07700 900510", "--dry-run").output
    assert _kit("staff", "phone", "Sam@westhaven.example", "07700 900510").exit_code == 0
    with services.database.read() as session:
        sam = records.by_email(session, "sam@westhaven.example")
        assert sam is not None
        assert (sam.phone, sam.phone_failed_at) == ("+447700900510", None)
    services.database.close()
    refused = _kit("staff", "phone", "nobody@westhaven.example", "07700 900510")
    assert "Nobody" in str(refused.exception)


@pytest.mark.parametrize("email", ["@", "a b@c", "sam@council", "sam@council.example, x@y.z"])
def test_staff_need_an_address_that_can_be_written_to(upgraded: Path, email: str) -> None:
    refused = _kit("staff", "add", email, "--name", "Sam Okafor", "--role", "adviser")
    assert "e-mail address" in str(refused.exception)


def test_polling_goes_on_after_a_fault_that_passes_and_ends_at_one_that_does_not() -> None:
    stopped = threading.Event()
    fetched: list[str] = []

    def take() -> int:
        fetched.append("")
        match len(fetched):
            case 1:
                raise SendError(Failure.TRANSIENT, "Telegram had a fault of the moment.")
            case 2:
                return 0
            case _:
                raise SendError(Failure.CONFIGURATION, "The token is wrong.")

    with pytest.raises(SendError, match="token"):
        keep_polling(take, stopped, wait=0.001)
    assert len(fetched) == 3


def test_a_button_that_cannot_be_acknowledged_is_still_heard(town: Town) -> None:
    update = (
        b'{"update_id": 41, "callback_query": {"id": "9", "data": "1", "from": {"id": 5550001},'
        b' "message": {"message_id": 7, "date": 1790000000, "chat": {"id": 5550001, "type": "private"}}}}'
    )

    def fails(_query: str) -> None:
        raise SendError(Failure.TRANSIENT, "Telegram had a fault of the moment.")

    assert take_updates(town.services, [update], acknowledge=fails) == 1
    with town.database.read() as session:
        offset = markers.get(session, "telegram:offset")
        assert offset is not None
        assert offset.value == {"next": 42}


def test_telegram_without_a_token_says_what_to_set(upgraded: Path) -> None:
    for words in (("telegram", "set-webhook"), ("telegram", "poll")):
        assert "TELEGRAM_BOT_TOKEN" in str(_kit(*words).exception)


def test_polled_updates_are_stored_once_and_the_offset_moves_on(town: Town) -> None:
    jay = town.young_person()
    chat = town.telegram_chat(jay, "5550001")
    update = (
        b'{"update_id": 41, "message": {"message_id": 7, "date": 1790000000, "text": "hi",'
        b' "chat": {"id": 5550001, "type": "private"}}}'
    )
    pressed: list[str] = []
    assert take_updates(town.services, [update, b"not json", update], acknowledge=pressed.append) == 3
    town.deliver()
    chat.hears_one()
    with town.database.read() as session:
        offset = markers.get(session, "telegram:offset")
        assert offset is not None
        assert offset.value == {"next": 42}
    town.clock.now += timedelta(minutes=1)
    assert len(town.contacts(jay)) == 1


def test_an_invitation_is_a_link_that_joins_one_chat(upgraded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with TelegramStandIn() as telegram:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_API_BASE_URL", telegram.url)
        assert "case system" in str(_kit("telegram", "invite", "WH-1").exception)
        services = _services()
        town = Town(services.database)
        jay = town.young_person("Jay")
        case_id = town.person(jay).case_id
        assert "Can be made" in _kit("telegram", "invite", case_id, "--dry-run").output
        link = _kit("telegram", "invite", case_id).output.strip()
    assert link.startswith("https://t.me/")
    chat = Phone(town, "777001", ChannelName.TELEGRAM)
    town.clock.now = datetime.now(UTC)
    chat.texts(link.partition("?start=")[2], kind=InboundKind.LINK)
    assert "STOP" in chat.hears_one()
    services.database.close()


def test_what_is_logged_after_a_command_still_arrives(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _kit("tick")
    structlog.get_logger().warning("still_here", number="07700 900142")
    logged = capsys.readouterr().err
    assert "still_here" in logged
    assert "900142" not in logged
