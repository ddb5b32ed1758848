"""The texts of alerts to staff: initials, a reason and a link; never what the young person wrote."""

import re
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from messages import names
from messages.kinds import ALERT_TERMS, Deadline
from messages.wordings import WordingKey
from scheduler.local_time import local
from scheduler.services import Services
from storage import alerts
from storage.alerts import Alert, StepRole
from storage.people import Person
from storage.staff import Staff

#: Without what looks or sounds like something else: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
_ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
_CODE_LENGTH = 4
_OK = re.compile(r"[\W_]*ok(?P<after>.*)", re.IGNORECASE | re.DOTALL)
_BETWEEN = re.compile(r"[\W_]+")
#: What is left of "okay", unless it begins the code itself.
_AY = re.compile(r"^AY(?=$|.{4}$)")
_KEYS = {
    Deadline.NOW: (WordingKey.ALERT_NOW, WordingKey.ALERT_NOW_WATCHED),
    Deadline.TODAY: (WordingKey.ALERT_TODAY, WordingKey.ALERT_TODAY_WATCHED),
    Deadline.SOON: (WordingKey.ALERT_SOON, WordingKey.ALERT_SOON_WATCHED),
}


def about(session: Session, alert: Alert) -> str:
    """Initials of the young person; of the colleague, when the alert is about how they are reached."""
    if alert.person_id is not None:
        person = session.get_one(Person, alert.person_id)
        return names.initials(person.first_name, person.last_name)
    if alert.about_staff_id is not None:
        first, *others = session.get_one(Staff, alert.about_staff_id).name.split()
        return names.initials(first, others[-1] if others else "")
    return "unknown number"


def link_to(services: Services, alert: Alert) -> str:
    return f"{services.council.public_url}/alerts/{alert.id}"


def telling(
    session: Session,
    services: Services,
    alert: Alert,
    role: StepRole,
    *,
    by: datetime,
    code: str,
    now: datetime,
) -> str:
    """What a recipient in ``role`` reads. Without a ``code`` it is taken by the link alone."""
    values = {"initials": about(session, alert), "reason": ALERT_TERMS[alert.kind].words}
    values["link"] = link_to(services, alert)
    if role == StepRole.INFORMED:
        key = WordingKey.ALERT_FOR_INFORMATION
    else:
        key = _KEYS[alert.deadline][alert.watched]
        values |= {"code": code, "by": time_of_day(services, by, now)}
    return services.wordings.render(key, "en", variant=0, **values).text


def subject(session: Session, services: Services, alert: Alert, *, by: datetime, now: datetime) -> str:
    shown = time_of_day(services, by, now)
    initials = about(session, alert)
    return services.wordings.render(
        WordingKey.ALERT_SUBJECT, "en", variant=0, initials=initials, by=shown
    ).text


def time_of_day(services: Services, at: datetime, now: datetime) -> str:
    """``3:05pm``, with the day of the week when it is not today."""
    there = local(at, services.council.time_zone)
    today = local(now, services.council.time_zone).date()
    clock = f"{there.hour % 12 or 12}:{there:%M}{'am' if there.hour < 12 else 'pm'}"
    return clock if there.date() == today else f"{there:%a} {clock}"


def new_code(session: Session, recipient: str) -> str:
    """Random, and no other that this recipient holds."""
    while True:
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH))
        if alerts.step_with_code(session, [recipient], code) is None:
            return code


def code_in(text: str) -> str | None:
    """The code of ``OK CODE`` in any case and spacing, empty for a bare OK; None when it is another text.

    More words may follow a code: "OK 7K4P ringing now".
    """
    if not (found := _OK.match(text)):
        return None
    after = found["after"].upper()
    if len(together := _AY.sub("", _BETWEEN.sub("", after))) <= _CODE_LENGTH:
        return together if together.isascii() else None
    first = next(iter(_BETWEEN.sub(" ", after.removeprefix("AY")).split()), "")
    return first if len(first) == _CODE_LENGTH and set(first) <= set(_ALPHABET) else None


def says_more(text: str) -> bool:
    """Whether a text holds more than ``OK CODE``: if that is no code of theirs, it is meant for somebody."""
    return len(_BETWEEN.sub("", text)) > len("okay") + _CODE_LENGTH
