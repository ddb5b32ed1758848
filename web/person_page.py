"""A person's page from what is remembered: who they are, what was said, and what happens next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from babel import Locale, UnknownLocaleError
from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.channel import ChannelName
from scheduler import circumstances, in_touch, lost_touch, silence, slots
from scheduler.in_touch import Standing as InTouchStanding
from scheduler.local_time import day_of, wall
from scheduler.rules import Rules
from scheduler.services import Services
from scheduler.working_time import add_working_days, hours_of
from storage import addresses, check_ins, contacts, people
from storage.addresses import Address, AddressHealth
from storage.alerts import Alert, AlertState
from storage.check_ins import SilenceStep
from storage.contacts import Contact, ContactCorrection, Direction, Layer
from storage.people import AllocationRole, Enrolment, Person, PersonState, StateKind
from storage.staff import Staff, Team
from web import access, alert_cards, alert_page, formats, reachable, replying, talk, weeks, words
from web.formats import in_london
from web.shapes.alerts import AlertCard
from web.shapes.person import ContactRow, LastWeeks, NextCheckIn, Notice
from web.shapes.pieces import Fact, Link, OwnWords, Standing, StateBadge, Step

_HEALTH = {
    AddressHealth.SUSPECT: "The network says there is no such number",
    AddressHealth.INVALID: "It cannot take texts",
    AddressHealth.DISPUTED: "Somebody else answered: do not text",
}
_LAYERS = ((Layer.TEXT, "Heard from"), (Layer.SPOKEN, "Spoken with"), (Layer.SEEN, "Seen"))
_STEPS = {
    SilenceStep.NUDGE: "One nudge, in other words",
    SilenceStep.SECOND_CHANNEL: "The same question by another way, if there is one",
    SilenceStep.ADVISER: "The adviser is told, with the plan for going quiet",
}
#: So many contacts stand on the page.
_CONTACTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the parts of the page are made from."""

    session: Session
    services: Services
    reader: Staff
    person: Person
    rules: Rules
    now: datetime
    states: Sequence[PersonState]
    enrolled: Enrolment | None
    standing: InTouchStanding
    own: Sequence[Address]
    #: Those of them that may not be texted any more.
    stopped: frozenset[UUID]
    #: Since when the thread is kept from the reader.
    kept_from: datetime | None

    @property
    def name(self) -> str:
        return words.first_name(self.person)


def about(
    session: Session, services: Services, reader: Staff, person: Person, *, rules: Rules, now: datetime
) -> About:
    own = addresses.of_person(session, person.id)
    return About(
        session=session,
        services=services,
        reader=reader,
        person=person,
        rules=rules,
        now=now,
        states=people.states_on(session, person.id, in_london(now).date()),
        enrolled=people.enrolment(session, person.id),
        standing=in_touch.standing(session, person.id, rules, now=now),
        own=own,
        stopped=replying.stopped(session, own),
        kept_from=access.kept_from(session, reader, person.id),
    )


def badge(this: About) -> StateBadge:
    return words.badge(this.states, this.standing, enrolled=this.enrolled is not None)


def facts(this: About) -> str:
    """One line: "19. Former relevant. Harbour team. WH-20417. Adviser Sam Okafor."."""
    person, session = this.person, this.session
    team = session.get(Team, person.team_id) if person.team_id else None
    adviser = people.allocated(session, person.id, AllocationRole.ADVISER, this.now)
    worker = people.allocated(session, person.id, AllocationRole.SOCIAL_WORKER, this.now)
    parts = [
        str(person.age_on(in_london(this.now).date())),
        words.STATUS_WORDS[person.status],
        f"{team.name} team" if team else "",
        person.case_id,
        f"Adviser {adviser.name}" if adviser else "No adviser",
        f"Social worker {worker.name}" if worker else "",
    ]
    return f"{'. '.join(part for part in parts if part)}. {words.risk_words(person.risk)}".strip()


def notice(this: About, *, too_late: bool, noted: bool) -> Notice | None:
    """What must be known before anything else, the heaviest first."""
    name = this.name
    if too_late:
        return Notice(heading="Too late to undo", text="The text had already left.")
    if noted:
        text = f"It will help the reading. What {name} needs now is yours to do."
        return Notice(heading="Noted as missed", text=text)
    if this.kept_from is not None:
        return Notice(
            heading=talk.HANDLED, text=f"What {name} has written since then is with your manager. Ask there."
        )
    for state in this.states:
        if state.kind is not StateKind.HOSPITAL or state.prompts_stopped:
            return Notice(heading=_state_heading(state), text=_state_text(state))
    if this.person.paused_until is not None and this.person.paused_until > this.now:
        until = formats.short_day(in_london(this.person.paused_until).date())
        return Notice(heading=f"Texts are paused until {until}", text="The clocks of contact go on.")
    if this.own and len(this.stopped) == len(this.own):
        return Notice(
            heading=f"{name} stopped the texts",
            text="Nothing can be texted. Agree another way to keep in touch.",
        )
    return None


def _state_heading(state: PersonState) -> str:
    return f"{words.STATE_WORDS[state.kind]} since {formats.full_day(state.starts_on)}"


def _state_text(state: PersonState) -> str:
    match state.kind:
        case StateKind.CUSTODY:
            return "No texts and no calls to any mobile. Write, or book a visit."
        case StateKind.MISSING:
            return "Nothing automatic is sent. Every text that comes is an alert at once."
        case StateKind.HOSPITAL:
            return "Nothing automatic is sent."
        case StateKind.ABROAD:
            return "Texts go by the clock where they are."
        case StateKind.DEATH_REPORTED | StateKind.DIED:
            return "Nothing is sent. A manager decides what happens next."


def cards(this: About) -> tuple[AlertCard, ...]:
    found = this.session.scalars(
        select(Alert)
        .where(
            Alert.person_id == this.person.id,
            Alert.state != AlertState.CLOSED,
            access.alerts_seen(this.session, this.reader, this.now),
        )
        .order_by(Alert.opened_at)
    ).all()
    known = alert_cards.known(this.session, this.reader, found, this.rules)
    return tuple(alert_cards.card(one, this.reader, known, this.now) for one in found)


def last_weeks(this: About) -> LastWeeks:
    person, now = this.person, this.now
    seen = [
        Fact(term=term, value=formats.moment(this.standing.by_layer[layer], now))
        for layer, term in _LAYERS
        if layer in this.standing.by_layer
    ]
    until = ""
    if this.standing.last_two_way_at is not None:
        end = in_london(this.standing.last_two_way_at + this.rules.in_touch_for).date()
        said = "counts as in touch until" if end >= in_london(now).date() else "counted as in touch until"
        until = f"With nothing more, {this.name} {said} {formats.full_day(end)}."
    return LastWeeks(
        weeks=weeks.week_lines(this.session, {person.id: this.name}, now)[person.id],
        facts=tuple(seen) or (Fact(term="Heard from", value="Never"),),
        until=until,
    )


def next_check_in(this: About) -> NextCheckIn | None:
    person = this.person
    due = person.next_check_in_at
    waiting = check_ins.waiting(this.session, person.id)
    if due is None and not waiting:
        return None
    heading = f"Next check-in: {formats.moment(due, this.now)}" if due else "No further check-in is planned"
    slot = waiting[0].slot if waiting else in_london(due or this.now).date()
    rhythm = words.CADENCE_WORDS[slots.rhythm_of(person)]
    asked = f" Asked {formats.short_day(slot)}, no answer yet." if waiting else ""
    today = in_london(this.now).date()
    steps = [(silence.step_day(slot, step, person, this.rules), said) for step, said in _STEPS.items()]
    told = steps[-1][0]
    steps.append((_more_told_on(this, told), "If nobody has taken it: cover and duty, then the manager"))
    return NextCheckIn(
        heading=heading,
        rhythm=f"{rhythm}.{asked}",
        silence=tuple(
            Step(
                when=formats.short_day(day),
                what=said,
                standing=Standing.DONE if day < today else Standing.TO_COME,
            )
            for day, said in steps
            if day <= told or said is steps[-1][1]
        ),
    )


def _more_told_on(this: About, told: date) -> date:
    """The day on which cover and duty are told, when the adviser is told on the day ``told`` opens."""
    team = this.session.get(Team, this.person.team_id) if this.person.team_id else None
    zone = this.services.council.time_zone
    opened = wall(told, this.rules.window_from, zone)
    return day_of(add_working_days(opened, this.rules.soon_cover_days, hours_of(team, zone)), zone)


def no_check_in(this: About) -> str:
    if this.enrolled is None:
        return "None: nothing automatic is sent before the declaration."
    return "None is planned while things are as they are above."


def quiet_plan(this: About) -> OwnWords | None:
    return alert_page.quiet_plan(this.person)


def reach(this: About) -> tuple[Fact, ...]:
    found = [_address(this, one) for one in this.own]
    said = reachable.safety(None, this.person, this.enrolled, _judged(this))
    found.append(Fact(term="Is it safe?", value=said.strong, more=said.text))
    found.append(Fact(term="Language", value=_language(this)))
    return tuple(found)


def _judged(this: About) -> reachable.Reach:
    released = circumstances.released_by(this.session, this.person.id, this.now)
    return reachable.judged(this.own, this.enrolled, released)


def may_ring(this: About) -> bool:
    """Nobody promises to ring where ringing is not known to be safe."""
    return _judged(this).ring and not this.person.watched and words.silencing(this.states) is None


def _language(this: About) -> str:
    """As in "English": by its own code where no name is known."""
    code = this.person.language
    try:
        return Locale.parse(code.replace("-", "_")).english_name or code
    except (UnknownLocaleError, ValueError):
        return code


def _address(this: About, one: Address) -> Fact:
    confirmed = (
        f"Confirmed with {this.name} {formats.full_day(in_london(one.confirmed_at).date())}"
        if one.confirmed_at
        else "Not confirmed"
    )
    more = [confirmed, "Shared" if one.shared else "", _HEALTH.get(one.health, "")]
    if one.id in this.stopped:
        more.append(f"{this.name} stopped the texts here")
    if one.channel is ChannelName.TELEGRAM:
        since = formats.full_day(in_london(one.starts_at).date())
        return Fact(term="Telegram", value=f"Linked {since}", more=". ".join(filter(None, more[1:])))
    term = words.CHANNEL_WORDS.get(one.channel, one.channel.value)
    return Fact(term=term, value=words.address(one.channel, one.value), more=". ".join(filter(None, more)))


def due(this: About) -> tuple[Fact, ...]:
    visit = lost_touch.visit_due_on(this.session, this.person, this.rules)
    plan = lost_touch.plan_review_due_on(this.session, this.person, this.rules)
    today = in_london(this.now).date()
    return tuple(
        Fact(term=term, value=f"{'due by' if day >= today else 'was due'} {formats.full_day(day)}")
        for term, day in (("Visit", visit), ("Pathway plan", plan))
    )


def contact_rows(this: About) -> tuple[ContactRow, ...]:
    """The newest contacts, but for those of a thread that is kept from the reader."""
    query = select(Contact).where(Contact.person_id == this.person.id).order_by(Contact.at.desc())
    if this.kept_from is not None:
        query = query.where(Contact.at < this.kept_from)
    rows = this.session.scalars(query.limit(_CONTACTS)).all()
    judged = contacts.corrections(this.session, [row.id for row in rows])
    ids = {row.staff_id for row in rows if row.staff_id}
    names = {one.id: one.name for one in this.session.scalars(select(Staff).where(Staff.id.in_(ids)))}
    return tuple(
        _contact(this, row, judged.get(row.id), names[row.staff_id] if row.staff_id else "") for row in rows
    )


def _contact(this: About, row: Contact, correction: ContactCorrection | None, staff: str) -> ContactRow:
    what = words.METHOD_WORDS[row.method]
    if not row.inbound_id and not row.outbound_id:
        what += {Direction.TWO_WAY: ". Reached", Direction.ATTEMPT: ". Not reached"}.get(row.direction, "")
    counted = correction.counts if correction else row.direction is Direction.TWO_WAY
    tried = "We tried" if row.direction is Direction.ATTEMPT else "News, no contact"
    theirs = row.direction in (Direction.TWO_WAY, Direction.RECEIVED) and row.inbound_id is not None
    return ContactRow(
        when=formats.day_and_time(row.at),
        what=what,
        who=staff or (this.name if row.inbound_id else "Automatic"),
        counts="Counts as in touch" if counted else tried,
        note=correction.reason if correction else row.note or "",
        not_counted=talk.why_not_counted(row, correction),
        correct_href=f"/people/{this.person.id}/contacts/{row.id}/correct" if theirs else "",
    )


def hint(this: About, way: replying.Way) -> str:
    """Under the reply box: how it goes, and who may read it one day."""
    if way.address is None:
        return ""
    by = words.CHANNEL_WORDS.get(way.address.channel, "text")
    watched = this.person.watched or way.address.shared
    sign = "Do not sign it: somebody else may read it." if watched else "Sign it with your first name."
    return f"Goes by {by}. {sign} {this.name} may read this in their record one day."


def log_link(this: About) -> Link:
    return Link(label="Log a contact", href=f"/people/{this.person.id}/log")
