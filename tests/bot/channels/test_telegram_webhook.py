"""Updates into our values: never an error for a JSON object, and equal to the library's reading."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Update

from bot.channels.parsing import ParseError
from bot.channels.simulated_requests import TelegramCaller
from bot.channels.telegram_webhook import SECRET_HEADER, parse_update, secret_matches
from messages.channel import ChannelName, Inbound, InboundKind, Media

NOON = datetime(2026, 10, 4, 12, 0, tzinfo=UTC)
CALLER = TelegramCaller(url="https://kit.example.org/webhooks/telegram", secret="a_secret")
CHAT = {"id": 8001, "type": "private", "first_name": "Sam"}
PERSON = {"id": 8001, "is_bot": False, "first_name": "Sam"}


def read(update: object) -> Inbound:
    return parse_update(json.dumps(update).encode())


def message(**parts: object) -> dict[str, object]:
    return {"message_id": 7, "date": int(NOON.timestamp()), "chat": CHAT, "from": PERSON} | parts


def of_message(**parts: object) -> Inbound:
    return read({"update_id": 1, "message": message(**parts)})


def test_a_text() -> None:
    request = CALLER.text(update_id=1, chat_id=8001, message_id=7, text="not great", sent_at=NOON)
    assert parse_update(request.body) == Inbound(
        channel=ChannelName.TELEGRAM,
        provider_id="8001:7:0",
        sender="8001",
        text="not great",
        raw=request.body,
        sent_at=NOON,
    )
    assert request.headers[SECRET_HEADER] == "a_secret"


def test_an_edit_is_another_thing_that_names_the_first() -> None:
    later = datetime(2026, 10, 4, 12, 5, tzinfo=UTC)
    edited = parse_update(
        CALLER.text(update_id=2, chat_id=8001, message_id=7, text="help", sent_at=NOON, edited_at=later).body
    )
    assert edited.kind is InboundKind.EDIT
    assert edited.provider_id == f"8001:7:{int(later.timestamp())}"
    assert edited.edit_of == "8001:7:0"
    assert (edited.text, edited.sent_at) == ("help", later)


def test_a_press() -> None:
    pressed = parse_update(
        CALLER.press(
            update_id=3, chat_id=8001, message_id=7, callback_id="438", value="mood:2", sent_at=NOON
        ).body
    )
    assert (pressed.kind, pressed.provider_id) == (InboundKind.PRESS, "cb:438")
    assert (pressed.sender, pressed.text) == ("8001", "mood:2")


def test_a_press_under_a_message_that_is_gone() -> None:
    pressed = read({"update_id": 3, "callback_query": {"id": "9", "from": PERSON, "data": "1"}})
    assert (pressed.kind, pressed.sender, pressed.text) == (InboundKind.PRESS, "8001", "1")


@pytest.mark.parametrize(("blocked", "kind"), [(True, InboundKind.BLOCKED), (False, InboundKind.UNBLOCKED)])
def test_blocking(blocked: bool, kind: InboundKind) -> None:
    change = parse_update(CALLER.membership(update_id=4, chat_id=8001, blocked=blocked, at=NOON).body)
    assert (change.kind, change.provider_id, change.sender) == (kind, "update:4", "8001")


@pytest.mark.parametrize(
    ("text", "kind", "meant"),
    [
        ("/start AbC_-9", InboundKind.LINK, "AbC_-9"),
        ("/start@westhaven_bot AbC", InboundKind.LINK, "AbC"),
        ("/start", InboundKind.TEXT, "START"),
        ("/start hello there", InboundKind.TEXT, "START hello there"),
        (f"/start {'a' * 65}", InboundKind.TEXT, f"START {'a' * 65}"),
        ("/stop", InboundKind.TEXT, "STOP"),
        ("/STOP", InboundKind.TEXT, "STOP"),
        ("/stop i want to die", InboundKind.TEXT, "STOP i want to die"),
        ("/help", InboundKind.TEXT, "HELP"),
        ("/stopped", InboundKind.TEXT, "/stopped"),
        ("please /stop", InboundKind.TEXT, "please /stop"),
        ("", InboundKind.TEXT, ""),
    ],
)
def test_commands(text: str, kind: InboundKind, meant: str) -> None:
    inbound = of_message(text=text)
    assert (inbound.kind, inbound.text) == (kind, meant)


@pytest.mark.parametrize(
    ("parts", "text", "media"),
    [
        pytest.param(
            {"photo": [{"file_id": "small"}, {"file_id": "large"}], "caption": "my new place"},
            "my new place",
            ("telegram:large", "image/jpeg"),
            id="photo",
        ),
        pytest.param(
            {"voice": {"file_id": "v", "mime_type": "audio/ogg"}}, "", ("telegram:v", "audio/ogg"), id="voice"
        ),
        pytest.param(
            {"document": {"file_id": "d", "mime_type": "text/plain"}},
            "",
            ("telegram:d", "text/plain"),
            id="document",
        ),
        pytest.param({"video_note": {"file_id": "n"}}, "", ("telegram:n", "video/mp4"), id="video note"),
        pytest.param(
            {"sticker": {"file_id": "s", "emoji": "\N{THUMBS UP SIGN}"}},
            "\N{THUMBS UP SIGN}",
            ("telegram:s", "image/webp"),
            id="a sticker speaks by its emoji",
        ),
        pytest.param(
            {"location": {"latitude": 51.5, "longitude": -0.1}},
            "",
            ("geo:51.500000,-0.100000", "application/geo"),
            id="place",
        ),
        pytest.param(
            {"contact": {"phone_number": "+447700900124"}},
            "",
            ("tel:+447700900124", "text/vcard"),
            id="contact",
        ),
    ],
)
def test_media_are_noted_and_not_fetched(parts: dict[str, object], text: str, media: tuple[str, str]) -> None:
    inbound = of_message(**parts)
    assert inbound.kind is InboundKind.TEXT
    assert inbound.text == text
    assert inbound.media == (Media(url=media[0], content_type=media[1]),)


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(
            {"update_id": 5, "message": message(chat={"id": -100, "type": "supergroup"}, text="hi")},
            id="group",
        ),
        pytest.param({"update_id": 5, "message": message(pinned_message={})}, id="service message"),
        pytest.param({"update_id": 5, "channel_post": message(text="hi")}, id="channel"),
        pytest.param({"update_id": 5, "message": "hi"}, id="message is no object"),
        pytest.param({"update_id": 5, "message": {"text": "hi"}}, id="no chat"),
        pytest.param({"update_id": 5, "message": message(message_id=True, text="hi")}, id="odd message id"),
        pytest.param({"update_id": 5, "message": message(chat=CHAT | {"id": 2**70})}, id="enormous chat id"),
        pytest.param({"update_id": 5, "edited_message": {"chat": CHAT}}, id="edit of nothing"),
        pytest.param({"update_id": 5, "callback_query": {"from": PERSON}}, id="press without id"),
        pytest.param(
            {"update_id": 5, "my_chat_member": {"chat": CHAT, "new_chat_member": {"status": []}}},
            id="odd status",
        ),
        pytest.param(
            {"update_id": 5, "my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "left"}}},
            id="left",
        ),
    ],
)
def test_what_we_have_no_use_for_is_kept_as_other(update: dict[str, object]) -> None:
    inbound = read(update)
    assert (inbound.kind, inbound.provider_id) == (InboundKind.OTHER, "update:5")


def test_an_object_that_is_no_update_is_known_by_its_digest() -> None:
    assert read({}).provider_id == read({}).provider_id != read({"a": 1}).provider_id
    assert read({"update_id": "5"}).kind is InboundKind.OTHER


def test_one_odd_part_does_not_hide_the_words() -> None:
    inbound = of_message(text="i want to die", sticker=7, photo=[None], voice={"file_id": 3}, date="x")
    assert (inbound.text, inbound.media, inbound.sent_at) == ("i want to die", (), None)


def test_lone_surrogates_and_nul_are_clean() -> None:
    body = b'{"message": {"message_id": 7, "chat": {"id": 8001}, "text": "a\\ud83d\\u0000\x00b"}}'
    inbound = parse_update(body)
    assert inbound.text == "a\ufffd\ufffd\ufffdb"
    assert inbound.raw == body


@pytest.mark.parametrize(
    "body",
    [b"", b"hi", b"[]", b"1", b"null", b'"x"', b"{", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000],
    ids=lambda body: repr(body[:8]),
)
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_update(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.dictionaries(
    st.sampled_from(
        [
            "message_id",
            "date",
            "chat",
            "text",
            "caption",
            "photo",
            "voice",
            "sticker",
            "location",
            "contact",
            "from",
            "id",
            "data",
            "edit_date",
            "message",
            "new_chat_member",
            "document",
        ]
    ),
    JSON | st.just(CHAT) | st.just(8001),
    max_size=8,
)
ODD_UPDATES = st.dictionaries(
    st.sampled_from(["update_id", "message", "edited_message", "callback_query", "my_chat_member", "poll"]),
    PARTS | JSON,
    max_size=4,
)


@given(ODD_UPDATES)
def test_any_object_gives_something_that_can_be_stored(update: dict[str, Any]) -> None:
    inbound = read(update)
    assert inbound.provider_id
    (inbound.provider_id + inbound.sender + inbound.text).encode()
    for media in inbound.media:
        (media.url + media.content_type).encode()


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(ParseError):
        parse_update(body)


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1)


@given(st.integers(1, 2**52), st.integers(1, 2**31), st.integers(1, 2**31), WORDS, st.booleans())
def test_the_library_reads_the_same(
    update_id: int, chat_id: int, message_id: int, text: str, edited: bool
) -> None:
    request = CALLER.text(
        update_id=update_id,
        chat_id=chat_id,
        message_id=message_id,
        text=text,
        sent_at=NOON,
        edited_at=NOON if edited else None,
    )
    theirs, ours = Update.de_json(json.loads(request.body), None), parse_update(request.body)
    told = theirs.effective_message
    assert told is not None
    assert ours.provider_id.startswith(f"{told.chat_id}:{told.message_id}:")
    assert (ours.text, ours.sent_at) == (told.text, told.date)
    assert (ours.kind is InboundKind.EDIT) == (theirs.edited_message is not None)


@pytest.mark.parametrize(
    ("expected", "given_", "good"),
    [
        ("a_secret", "a_secret", True),
        ("a_secret", "a_secreT", False),
        ("a_secret", "", False),
        ("a_secret", None, False),
        ("a_secret", b"a_secret", False),
        ("a_secret", "\ud83d", False),
        ("a_secret", "é", False),
        ("", "", False),
    ],
)
def test_the_secret(expected: str, given_: object, good: bool) -> None:
    assert secret_matches(expected, given_) is good
