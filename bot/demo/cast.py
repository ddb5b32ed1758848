"""Who lives and works in Westhaven. All invented; the numbers are from Ofcom's range for drama.

How somebody answers is a matter of character and of where they are in their story: ``story`` says from which
week before the history's end another temper takes over.
"""

import random
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID, uuid5

from messages.channel import ChannelName
from storage.people import Cadence, Risk, StateKind, Status
from storage.staff import Role

_NAMESPACE = UUID("6b697400-7765-7374-6861-76656e000000")


class Temper(StrEnum):
    """How somebody answers."""

    QUICK = "quick"
    STEADY = "steady"
    SLOW = "slow"
    PATCHY = "patchy"
    #: Says nothing to anything.
    SILENT = "silent"


class Style(StrEnum):
    """How somebody writes."""

    DIGITS = "digits"
    SHORT = "short"
    CHATTY = "chatty"
    EMOJI = "emoji"
    ARABIC = "arabic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    name: str
    role: Role
    number: int
    team: str | None = None
    cover: str | None = None
    social_worker: bool = False

    @property
    def phone(self) -> str:
        return f"+447700900{self.number}"

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@westhaven.example"

    @property
    def id(self) -> UUID:
        return invented_id(self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """A young person. ``joined``: how many weeks before the history's end they were enrolled; None: never."""

    case_id: str
    first: str
    last: str
    adviser: str
    number: int
    age: int = 19
    temper: Temper = Temper.STEADY
    style: Style = Style.SHORT
    #: From this many weeks before the end on: silent.
    silent_from: float | None = None
    #: How often an answer is a low one.
    low: float = 0.12
    joined: float | None = 52
    status: Status = Status.FORMER_RELEVANT
    risk: Risk = Risk.STANDARD
    cadence: Cadence = Cadence.FORTNIGHTLY
    chat: int | None = None
    prefers: ChannelName | None = None
    language: str = "en"
    preferred_day: int | None = None
    evenings: bool = False
    safe_name: str | None = None
    shared_with: str | None = None
    discreet: bool = False
    controlled: bool = False
    social_worker: str | None = None
    quiet_plan: str | None = None
    state: StateKind | None = None
    #: Weeks before the end at which the state began.
    state_since: float = 0

    @property
    def id(self) -> UUID:
        return invented_id(self.case_id)

    @property
    def phone(self) -> str:
        return f"+447700900{self.number}"


def invented_id(name: str) -> UUID:
    """Always the same: a person's weekday and minute hang on it."""
    return uuid5(_NAMESPACE, name)


HARBOUR, MEADOW = "Harbour", "Meadow"
TEAMS = (HARBOUR, MEADOW)

WORKERS = (
    Worker(name="Sam Okafor", role=Role.ADVISER, number=510, team=HARBOUR, cover="Dan Whitaker"),
    Worker(name="Dan Whitaker", role=Role.ADVISER, number=512, team=HARBOUR, cover="Priya Raman"),
    Worker(name="Priya Raman", role=Role.ADVISER, number=513, team=HARBOUR, cover="Sam Okafor"),
    Worker(name="Grace Mensah", role=Role.ADVISER, number=514, team=MEADOW, cover="Tom Hartley"),
    Worker(name="Tom Hartley", role=Role.ADVISER, number=515, team=MEADOW, cover="Aisha Noor"),
    Worker(name="Aisha Noor", role=Role.ADVISER, number=516, team=MEADOW, cover="Grace Mensah"),
    Worker(name="Rachel Lowe", role=Role.ADVISER, number=517, team=HARBOUR, social_worker=True),
    Worker(name="Helen Ashdown", role=Role.MANAGER, number=520, team=HARBOUR, cover="Joanne Pike"),
    Worker(name="Joanne Pike", role=Role.MANAGER, number=521, team=MEADOW, cover="Helen Ashdown"),
    Worker(name="Mira Solanki", role=Role.DUTY, number=511, cover="Omar Bell"),
    Worker(name="Omar Bell", role=Role.DUTY, number=522, cover="Mira Solanki"),
    Worker(name="Ruth Carter", role=Role.SENIOR, number=530),
    Worker(name="Zainab Aziz", role=Role.PARTICIPATION, number=531),
    Worker(name="Peter Nash", role=Role.ADMIN, number=532),
)
SAM, DAN, PRIYA, GRACE, TOM, AISHA = (worker.name for worker in WORKERS[:6])
RACHEL = "Rachel Lowe"


def worker(name: str) -> Worker:
    return next(each for each in WORKERS if each.name == name)


def _p(case: int, first: str, last: str, adviser: str, number: int, **facts: object) -> Character:
    return Character(
        case_id=f"WH-{case}",
        first=first,
        last=last,
        adviser=adviser,
        number=number,
        **facts,  # type: ignore[arg-type]
    )


NAMED = (
    _p(
        2041, "Jay", "Whitlock", SAM, 142, age=19, temper=Temper.QUICK, style=Style.CHATTY, preferred_day=1,
        quiet_plan="Text my nan first, she knows where I am. If it's really been a while come round but ring "
        "first.",
    ),
    _p(
        2042, "Amina", "Yusuf", SAM, 143, age=20, chat=5550143, prefers=ChannelName.TELEGRAM,
        style=Style.EMOJI, preferred_day=3,
        quiet_plan="I go quiet around exams. Give me a week then message my flatmate Hodan.",
    ),
    _p(
        2043, "Leanne", "Pryce", SAM, 144, age=21, risk=Risk.RAISED, low=0.4, temper=Temper.STEADY,
        style=Style.CHATTY,
        quiet_plan="If I don't answer I'm probably in bed with the curtains shut. Please come and knock, "
        "don't send a letter.",
    ),
    _p(2044, "Kofi", "Boadu", SAM, 145, age=22, temper=Temper.SLOW, style=Style.SHORT, evenings=True),
    _p(
        2045, "Bethan", "Cole", SAM, 146, age=20, temper=Temper.PATCHY, silent_from=5,
        quiet_plan="My mate Carys at the cafe usually knows. Don't ring my mum.",
    ),
    _p(2046, "Reece", "Dolan", SAM, 147, age=18, silent_from=12, style=Style.DIGITS),
    _p(
        2047, "Mo", "Idris", SAM, 148, age=17, status=Status.RELEVANT, social_worker=RACHEL,
        temper=Temper.STEADY, style=Style.SHORT,
        quiet_plan="Ring the house, ask for Dee.",
    ),
    _p(
        2048, "Nadia", "Rahimi", DAN, 149, age=20, discreet=True, safe_name="N", style=Style.SHORT,
        quiet_plan="Do not ring. Write to the college and ask for a meeting about my course.",
    ),
    _p(2049, "Ellis", "Grant", DAN, 150, age=21, style=Style.CHATTY, temper=Temper.QUICK),
    _p(
        2050, "Tyler", "Marsh", DAN, 151, age=20, silent_from=9, risk=Risk.RAISED, state=StateKind.CUSTODY,
        state_since=7,
    ),
    _p(2051, "Cody", "Marsh", DAN, 152, age=19, shared_with="Tyler's brother Kai", safe_name="C"),
    _p(2052, "Kai", "Marsh", PRIYA, 152, age=22, shared_with="Cody", safe_name="K", temper=Temper.SLOW),
    _p(
        2053, "Samir", "Haddad", PRIYA, 153, age=19, language="ar", style=Style.ARABIC, temper=Temper.STEADY,
        quiet_plan="My cousin Karim, he has a shop on Quay Street.",
    ),
    _p(2054, "Lina", "Saleh", GRACE, 154, age=20, language="ar", style=Style.ARABIC, chat=5550154,
       prefers=ChannelName.TELEGRAM),
    _p(2055, "Jordan", "Pike-Ellis", GRACE, 155, age=23, joined=None, temper=Temper.SILENT),
    _p(2056, "Chloe", "Danvers", GRACE, 156, age=21, temper=Temper.QUICK, style=Style.SHORT),
    _p(2057, "Dean", "Sutcliffe", GRACE, 157, age=22, temper=Temper.STEADY),
    _p(
        2058, "Shan", "Morgan", TOM, 158, age=20, controlled=True, risk=Risk.HIGH, safe_name="Mo",
        temper=Temper.PATCHY, low=0.2, quiet_plan="Not my phone. Ask at the nursery on a Wednesday.",
    ),
    _p(2059, "Ravi", "Chand", TOM, 159, age=24, cadence=Cadence.FOUR_WEEKLY, temper=Temper.STEADY),
    _p(
        2060, "Ffion", "Hughes", TOM, 160, age=19, state=StateKind.HOSPITAL, state_since=1.5,
        quiet_plan="Ask the ward, Dr Imani said she'd pass things on.",
    ),
    _p(2061, "Luca", "Ferri", AISHA, 161, age=23, state=StateKind.ABROAD, state_since=8),
    _p(2062, "Dani", "Okoro", AISHA, 162, age=21, silent_from=20, temper=Temper.PATCHY),
    _p(
        2063, "Freya", "Lund", AISHA, 163, age=20, cadence=Cadence.WEEKLY, risk=Risk.HIGH, low=0.35,
        style=Style.CHATTY, quiet_plan="I like being asked twice. Then try Bea.",
    ),
)  # fmt: skip

_FIRST = (
    *(
        "Aaron",
        "Abi",
        "Alfie",
        "Anya",
        "Ash",
        "Billy",
        "Brooke",
        "Caleb",
        "Carla",
        "Connor",
        "Daisy",
        "Devon",
    ),
    *(
        "Elif",
        "Ethan",
        "Gabe",
        "Hana",
        "Harvey",
        "Imogen",
        "Isaac",
        "Jade",
        "Jamie",
        "Josh",
        "Kayla",
        "Keira",
    ),
    *(
        "Kian",
        "Layla",
        "Leon",
        "Maisie",
        "Marcus",
        "Megan",
        "Nathan",
        "Oona",
        "Owen",
        "Paige",
        "Rhys",
        "Rosie",
    ),
    *("Ryan", "Skye", "Tariq", "Zoe"),
)
_LAST = (
    *(
        "Abbott",
        "Bailey",
        "Barker",
        "Begum",
        "Birch",
        "Blake",
        "Brady",
        "Carver",
        "Clarke",
        "Cross",
        "Dawson",
    ),
    *(
        "Doyle",
        "Eaton",
        "Farrow",
        "Flint",
        "Ford",
        "Gale",
        "Hale",
        "Hart",
        "Hobbs",
        "Ince",
        "Jarvis",
        "Keane",
    ),
    *("Kerr", "Lamb", "Lyle", "Mace", "Moss", "Nolan", "Osei", "Park", "Quinn", "Reid", "Shaw", "Slade"),
    *("Tate", "Upton", "Vance", "Webb", "Wylde"),
)
_TEMPERS = (Temper.QUICK, Temper.STEADY, Temper.STEADY, Temper.SLOW, Temper.PATCHY)
_STYLES = (Style.DIGITS, Style.SHORT, Style.SHORT, Style.CHATTY, Style.EMOJI)
_ADVISERS = (DAN, PRIYA, PRIYA, GRACE, TOM, AISHA, PRIYA, GRACE, TOM, AISHA, DAN, SAM)


def others(number: int, *, seed: int = 7) -> tuple[Character, ...]:
    """As many more young people as asked for, the same ones every time."""
    rng = random.Random(seed)
    found = []
    for place in range(number):
        silent = rng.choice((None,) * 8 + (3.0, 6.0, 10.0, 15.0))
        found.append(
            Character(
                case_id=f"WH-{3000 + place}",
                first=_FIRST[place % len(_FIRST)],
                last=_LAST[(place * 7 + place // len(_FIRST)) % len(_LAST)],
                adviser=_ADVISERS[place % len(_ADVISERS)],
                number=(200 if place < 300 else 700) + place,
                age=rng.choice((18, 19, 19, 20, 20, 21, 21, 22, 23, 24)),
                temper=rng.choice(_TEMPERS),
                style=rng.choice(_STYLES),
                silent_from=silent,
                low=rng.choice((0.05, 0.1, 0.15, 0.25)),
                joined=rng.choice((52, 51, 51, 50, 44, 38, 30, 20)),
                cadence=rng.choice((Cadence.FORTNIGHTLY,) * 4 + (Cadence.FOUR_WEEKLY, Cadence.WEEKLY)),
                evenings=rng.random() < 0.15,
                chat=5551000 + place if rng.random() < 0.2 else None,
            )
        )
    return tuple(found)


PEOPLE = (*NAMED, *others(37))
BY_ID = {character.id: character for character in PEOPLE}
