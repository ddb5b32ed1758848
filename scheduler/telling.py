"""Telling one alert to whoever stands behind a role: the texts, the codes, and a row of who was told how.

Somebody without a working phone is passed over at once. What could be sent to them another way still is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from messages import phones
from messages.channel import Button, ChannelName
from messages.kinds import Deadline, OutboundKind
from scheduler import alert_words, recipients
from scheduler.chain import BESIDE
from scheduler.operator import page_operator
from scheduler.outbox import About, enqueue
from scheduler.recipients import OPERATOR, OUT_OF_HOURS, Case, Recipient
from scheduler.services import Services
from storage import alerts
from storage.alerts import Alert, AlertStep, StepRole
from storage.staff import Staff

NOBODY = "nobody"
#: A text that waits longer than this for its provider is too old: the chain has gone on.
_WORTH_SENDING = {
    Deadline.NOW: timedelta(minutes=5),
    Deadline.TODAY: timedelta(hours=1),
    Deadline.SOON: timedelta(hours=12),
}
_CHANNEL_WORDS = {ChannelName.SMS: "text", ChannelName.EMAIL: "e-mail"}
_OPEN_IT = "Open the alert"


@dataclass(slots=True, kw_only=True)
class Round:
    """What one look at an alert tells. ``by``: when the chain goes on, said in the texts."""

    session: Session
    services: Services
    case: Case
    by: datetime
    now: datetime
    #: Told just now in another role: one text is enough.
    told: dict[str, StepRole] = field(default_factory=dict)
    #: Staff found without a working phone: somebody must repair that.
    faulty: list[Staff] = field(default_factory=list)

    @property
    def alert(self) -> Alert:
        return self.case.alert


def tell(this: Round, roles: Iterable[StepRole]) -> None:
    """Tell every role: the first tier of it in which somebody can be reached."""
    for role in roles:
        if role == StepRole.OPERATOR:
            _page(this)
            continue
        tried: set[str] = set()
        for tier in recipients.tiers(this.session, this.case, role, this.now):
            fresh = [each for each in tier if each.key not in tried]
            tried.update(each.key for each in fresh)
            if sum(_tell_one(this, role, each) for each in fresh):
                break
        if not tried:
            _write(this, role, Recipient(key=NOBODY), "nobody there: the next at once")
    _show_in_teams(this)


def reached(this: Round, steps: Sequence[AlertStep], roles: Collection[StepRole]) -> bool:
    """Whether anybody in these roles, who is asked to act, has been told in this round as far as we know."""
    asked = {step.recipient for step in steps if step.role in roles and step.role not in BESIDE}
    sends: dict[str, set[str]] = {}
    for send in alerts.sends(this.session, this.alert.id):
        # Whatever the role was: the same person may have been told once for two of them.
        _, _, number, _, recipient, channel = send.key.split(":")[:6]
        if number == str(this.alert.round) and recipient in asked and not send.lost:
            sends.setdefault(recipient, set()).add(channel)
    return OPERATOR in asked or any(_enough(this, who, ways) for who, ways in sends.items())


def ways_to(services: Services, recipient: Recipient) -> list[tuple[ChannelName, str]]:
    """(channel, address) of each way to reach somebody now, a text first."""
    ways = _ways_to_line(services) if recipient.key == OUT_OF_HOURS else []
    staff = recipient.staff
    if staff is not None and staff.disabled_at is None:
        if staff.phone and staff.phone_failed_at is None:
            ways.append((ChannelName.SMS, staff.phone))
        ways.append((ChannelName.EMAIL, staff.email))
    return [(channel, to) for channel, to in ways if to and channel in services.channels]


def _ways_to_line(services: Services) -> list[tuple[ChannelName, str]]:
    """A landline is no way: some carriers would read the alert aloud to whoever answers."""
    line = services.council.out_of_hours_alert
    if "@" in line:
        return [(ChannelName.EMAIL, line)]
    try:
        return [(ChannelName.SMS, phones.parse(line, allow_drama=True))]
    except phones.PhoneError:
        return []


def _tell_one(this: Round, role: StepRole, recipient: Recipient) -> bool:
    """True when this recipient can be reached well enough for the chain to wait for them."""
    if recipient.key in this.told:
        _write(this, role, recipient, f"told as {this.told[recipient.key].replace('_', ' ')}")
        return True
    ways = ways_to(this.services, recipient)
    channels = [channel for channel, _ in ways]
    enough = _enough(this, recipient.key, channels)
    has_text = ChannelName.SMS in channels
    if recipient.staff is not None and not has_text and ChannelName.SMS in this.services.channels:
        this.faulty.append(recipient.staff)
    alerts.end_codes(this.session, this.alert.id, recipient.key)
    code = (
        alert_words.new_code(this.session, recipient.key) if has_text and role != StepRole.INFORMED else None
    )
    for way in ways:
        _queue(this, role, recipient, way, code=code or "")
    words = " and ".join(_CHANNEL_WORDS[channel] for channel in channels) or "no way to reach them"
    _write(this, role, recipient, words if enough else f"{words}: the next at once", code)
    if enough and role != StepRole.INFORMED:
        this.told[recipient.key] = role
    return enough


def _enough(this: Round, recipient: str, channels: Collection[str]) -> bool:
    """A text, where texts can be sent at all; an e-mail does where there is time, and for a shared line."""
    texts_count = ChannelName.SMS in this.services.channels
    if texts_count and this.alert.deadline != Deadline.SOON and recipient != OUT_OF_HOURS:
        return ChannelName.SMS in channels
    return bool(channels)


def _queue(
    this: Round, role: StepRole, recipient: Recipient, way: tuple[ChannelName, str], *, code: str
) -> None:
    channel, to = way
    alert, session, services = this.alert, this.session, this.services
    by_mail = channel == ChannelName.EMAIL
    enqueue(
        session,
        key=f"alert:{alert.id}:{alert.round}:{role}:{recipient.key}:{channel}",
        kind=OutboundKind.ALERT,
        channel=channel,
        to=to,
        body=alert_words.telling(session, services, alert, role, by=this.by, code=code, now=this.now),
        subject=alert_words.subject(session, services, alert, by=this.by, now=this.now) if by_mail else "",
        about=About(staff_id=recipient.staff.id if recipient.staff else None, alert_id=alert.id),
        expires_at=this.now + _WORTH_SENDING[alert.deadline],
        now=this.now,
    )


def _show_in_teams(this: Round) -> None:
    """One card a round. Everybody reads there: nothing about a worker goes to it."""
    alert = this.alert
    if ChannelName.TEAMS not in this.services.channels or alert.restricted or this.case.about_worker:
        return
    enqueue(
        this.session,
        key=f"alert:{alert.id}:{alert.round}:all:card:{ChannelName.TEAMS}",
        kind=OutboundKind.ALERT,
        channel=ChannelName.TEAMS,
        to="",
        body=alert_words.telling(
            this.session, this.services, alert, StepRole.DUTY, by=this.by, code="", now=this.now
        ),
        subject=alert_words.subject(this.session, this.services, alert, by=this.by, now=this.now),
        buttons=(Button(label=_OPEN_IT, value=alert_words.link_to(this.services, alert)),),
        about=About(alert_id=alert.id),
        expires_at=this.now + _WORTH_SENDING[alert.deadline],
        now=this.now,
    )


def _page(this: Round) -> None:
    alert = this.alert
    urgent = "An alert NOW" if alert.deadline == Deadline.NOW else "An alert"
    pages = page_operator(
        this.session,
        this.services,
        key=f"alert:{alert.id}:{alert.round}",
        words=f"{urgent} has nobody who takes it. Ring the duty manager",
        link=alert_words.link_to(this.services, alert),
        alert_id=alert.id,
        now=this.now,
    )
    words = "paged" if pages else "no way to page is set up"
    _write(this, StepRole.OPERATOR, Recipient(key=OPERATOR), words)


def _write(this: Round, role: StepRole, recipient: Recipient, words: str, code: str | None = None) -> None:
    this.session.add(
        AlertStep(
            alert_id=this.alert.id,
            round=this.alert.round,
            role=role,
            recipient=recipient.key,
            staff_id=recipient.staff.id if recipient.staff else None,
            at=this.now,
            words=words,
            code=code,
        )
    )
    this.session.flush()
