"""Moments of the history that are written, not drawn by lot. Days are before its end, in UK wall time."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.demo import cast
from bot.demo.cast import Character
from scheduler.local_time import LONDON, day_of, wall


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    phone: str
    days_before: int
    clock: time
    text: str

    def at(self, anchor: datetime) -> datetime:
        return wall(day_of(anchor, LONDON) - timedelta(days=self.days_before), self.clock, LONDON)


def _of(first: str, last: str) -> Character:
    return next(each for each in cast.NAMED if (each.first, each.last) == (first, last))


def _scene(phone: str, days_before: int, clock: str, text: str) -> Scene:
    return Scene(phone=phone, days_before=days_before, clock=time.fromisoformat(clock), text=text)


#: Numbers that belong to nobody we know.
STRANGERS = ("+447700900170", "+447700900171")

SCENES = (
    _scene(_of("Leanne", "Pryce").phone, 3, "21:40", "i cant do this anymore. ive taken a load of tablets"),
    _scene(
        _of("Dean", "Sutcliffe").phone,
        9,
        "11:20",
        "landlord changed the locks ive got nowhere to sleep tonight",
    ),
    _scene(
        _of("Jay", "Whitlock").phone,
        24,
        "10:15",
        "2 ok but bank stopped my card n rent due fri. can u ring me after 5",
    ),
    _scene(_of("Tyler", "Marsh").phone, 50, "14:05", "been arrested im at the station"),
    _scene(_of("Ellis", "Grant").phone, 4, "16:20", "PAUSE"),
    _scene(_of("Chloe", "Danvers").phone, 33, "18:02", "STOP"),
    _scene(_of("Kofi", "Boadu").phone, 61, "12:30", "evenings"),
    _scene(_of("Nadia", "Rahimi").phone, 75, "19:45", "dont ring me he checks my phone"),
    _scene(
        _of("Freya", "Lund").phone,
        118,
        "13:10",
        "my worker never turns up and doesnt listen. i want a new one",
    ),
    _scene(_of("Ravi", "Chand").phone, 140, "12:00", "LESS"),
    _scene(_of("Amina", "Yusuf").phone, 15, "17:31", "MONEY"),
    _scene(_of("Mo", "Idris").phone, 27, "15:50", "are u a robot"),
    _scene(STRANGERS[0], 1, "15:12", "new number this is reece"),
    _scene(STRANGERS[1], 16, "20:40", "who is this"),
)
