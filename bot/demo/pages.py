"""The simulator: three phones on the screen, a clock that can be wound forward, and what happened."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bot.demo import cast, happened, phones, start
from bot.demo.lives import lives_of
from bot.demo.phones import Phone, ScreenText
from bot.demo.travel import Traveller
from bot.demo.world import Demo
from messages.channel import ChannelName
from scheduler.delivery import deliver_due
from storage import markers
from web import chrome, current, formats, once
from web.shapes.pieces import Choice, Link, PostButton, Span
from web.shapes.simulator import PhoneDay, PhoneOnScreen, PhoneText, SimulatorClock, SimulatorPage

LEAD = (
    "Text as a young person, answer as staff, wind the clock forward, "
    "and watch what the service does by itself."
)
ON_SCREEN = 3
#: The network cuts longer texts.
LONGEST = 1600
_CHIPS = ("1", "meh", "CALL ME", "STOP")
_DAY, _HOUR, _EVENT = "day", "hour", "event"
_JUMPS = {_DAY: timedelta(days=1), _HOUR: timedelta(hours=1)}
#: Where nothing happens, "the next event" ends here.
_FURTHEST = timedelta(days=3)
_STEP = timedelta(minutes=30)
_LINK = re.compile(r"(https?://\S+)")


def simulator(demo: Demo) -> Blueprint:
    pages = Blueprint("simulator", __name__, url_prefix="/simulator")

    @pages.get("")
    def page() -> str:
        return chrome.rendered("simulator.html", _page(demo), place="Simulator")

    @pages.post("/phones/<key>")
    def write(key: str) -> ResponseReturnValue:
        with current.services().database.read() as session:
            phone = next((one for one in phones.all_phones(session) if one.key == key), None)
        if phone is None:
            abort(404)
        if _first_time():
            _write(demo, phone)
        return _back()

    @pages.post("/forward")
    def forward() -> ResponseReturnValue:
        by = request.form.get("by", _DAY)
        if by not in (*_JUMPS, _EVENT):
            abort(400)
        if _first_time():
            fast_forward(demo, by)
        return _back()

    @pages.post("/reset")
    def reset() -> ResponseReturnValue:
        start.begin_anew(demo)
        return redirect("/simulator", 303)

    return pages


def _first_time() -> bool:
    with current.services().database.begin() as session:
        return once.first_time(session, now=current.now())


def _back() -> ResponseReturnValue:
    return redirect(f"/simulator?{_query(request.args.getlist('phone'))}".rstrip("?"), 303)


def _query(keys: Sequence[str]) -> str:
    return urlencode([("phone", key) for key in keys])


# Doing


def _write(demo: Demo, phone: Phone) -> None:
    """What the form of a phone holds: a press, a chip or a typed text."""
    pressed = request.form.get("press", "")
    text = (request.form.get("chip") or request.form.get("text") or "").strip()[:LONGEST]
    if not pressed and not text:
        return
    world = demo.world
    with demo.turnstile.passing():
        if pressed and phone.telegram:
            world.network.press(phone.address, pressed[:64])
        elif text:
            world.network.text(phone.channel, phone.address, text)
        if phone.owner is not None:
            with world.services.database.begin() as session:
                start.play(session, [phone.owner], now=world.clock())
        deliver_due(world.services, world.clock())


def fast_forward(demo: Demo, by: str) -> None:
    """Live through an hour, a day, or until the next text has left."""
    world = demo.world
    began = world.clock()
    with world.services.database.read() as session:
        anchor, played = start.anchor_of(session), start.played(session)
    traveller = Traveller(
        services=world.services,
        clock=world.clock,
        lives=lives_of(world, anchor=anchor, played=played),
        alone=demo.turnstile.alone,
        longest_step=_STEP,
    )
    if by in _JUMPS:
        traveller.go(began + _JUMPS[by])
    else:
        traveller.go_until_sent(began + _FURTHEST)
    with world.services.database.begin() as session:
        markers.put(session, happened.JOURNEY, {"from": began.isoformat()}, now=world.clock())


# Showing


def _page(demo: Demo) -> SimulatorPage:
    now = current.now()
    with current.services().database.read() as session:
        everybody = phones.all_phones(session)
        chosen = _chosen(everybody, request.args.getlist("phone"))
        owners = {phone.owner for phone in chosen if phone.owner}
        query = _query([phone.key for phone in chosen])
        return SimulatorPage(
            lead=LEAD,
            clock=_clock(now, query),
            phones=tuple(_phone(session, demo, phone, query, now) for phone in chosen),
            happened=happened.steps(session, owners, now=now),
            other_phones=_others(everybody, chosen),
        )


def _chosen(everybody: Sequence[Phone], keys: Sequence[str]) -> list[Phone]:
    by_key = {phone.key: phone for phone in everybody}
    asked = [by_key[key] for key in dict.fromkeys(keys) if key in by_key]
    return (asked or [by_key[key] for key in _first_keys() if key in by_key])[:ON_SCREEN]


def _first_keys() -> list[str]:
    jay, amina = cast.NAMED[:2]
    return [
        phones.key_of(ChannelName.SMS, jay.phone, jay.case_id),
        phones.key_of(ChannelName.TELEGRAM, str(amina.chat), amina.case_id),
        phones.key_of(ChannelName.SMS, cast.worker(cast.SAM).phone),
    ]


def _others(everybody: Sequence[Phone], chosen: Sequence[Phone]) -> tuple[Link, ...]:
    """Each link puts one phone on the screen: a staff phone in the last place, any other in the first."""
    keys = [phone.key for phone in chosen]
    links = []
    for phone in everybody:
        if phone.key not in keys:
            shown = [*keys[:-1], phone.key] if phone.staff else [phone.key, *keys[1:]]
            links.append(Link(label=f"{phone.heading}, {phone.detail}", href=f"/simulator?{_query(shown)}"))
    return tuple(links)


def _clock(now: datetime, query: str) -> SimulatorClock:
    action = f"/simulator/forward?{query}"
    labels = {_DAY: "Fast-forward one day", _HOUR: "One hour", _EVENT: "To the next event"}
    return SimulatorClock(
        day=formats.full_day(formats.in_london(now).date()),
        time=formats.time_of_day(now),
        forward=tuple(
            PostButton(label=label, action=action, idempotency=once.token(), name="by", value=by)
            for by, label in labels.items()
        ),
        reset=PostButton(label="Start again", action="/simulator/reset"),
    )


def _phone(session: Session, demo: Demo, phone: Phone, query: str, now: datetime) -> PhoneOnScreen:
    texts = phones.texts_on(session, phone, demo.world.network, now=now)
    return PhoneOnScreen(
        id=phone.key,
        name=phone.name,
        heading=phone.heading,
        detail=phone.detail,
        action=f"/simulator/phones/{phone.key}?{query}",
        idempotency=once.token(),
        days=_days(texts, now),
        chips=_chips(session, phone),
    )


def _chips(session: Session, phone: Phone) -> tuple[Choice, ...]:
    said = [f"OK {code}" for code in phones.codes_on(session, phone)] if phone.staff else list(_CHIPS)
    return tuple(Choice(value=one, label=one) for one in said)


def _days(texts: Sequence[ScreenText], now: datetime) -> tuple[PhoneDay, ...]:
    last_with_buttons = next((text.id for text in reversed(texts) if text.buttons), "")
    by_day = groupby(texts, key=lambda text: formats.in_london(text.at).date())
    return tuple(
        PhoneDay(
            label=formats.day_divider(day, now),
            texts=tuple(_text(text, pressable=text.id == last_with_buttons) for text in group),
        )
        for day, group in by_day
    )


def _text(text: ScreenText, *, pressable: bool) -> PhoneText:
    buttons = text.buttons if pressable else ()
    return PhoneText(
        body=tuple(_spans(text.body)),
        when=formats.time_of_day(text.at),
        mine=text.mine,
        id=text.id,
        lang=text.language,
        buttons=tuple(Choice(value=button.value, label=button.label) for button in buttons),
    )


def _spans(body: str) -> Sequence[Span]:
    """Our own links can be followed from the screen."""
    pieces = _LINK.split(body)
    return [
        Span(text=_short(piece), href=piece) if place % 2 else Span(text=piece)
        for place, piece in enumerate(pieces)
        if piece
    ]


def _short(link: str) -> str:
    """An alert's address without most of its id."""
    return re.sub(r"([0-9a-f]{8})-[0-9a-f-]{27}", r"\1…", link.split("://", 1)[1])
