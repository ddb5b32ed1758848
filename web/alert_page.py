"""One alert from its first minute to its outcome: what was said, is it safe, who is told, what helps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from messages.kinds import AlertKind, Deadline
from scheduler import chain, circumstances, in_touch, recipients
from scheduler.alerts import Cause
from scheduler.recipients import OUT_OF_HOURS_NAME
from scheduler.rules import Rules
from scheduler.services import Council
from storage import addresses, alerts, people
from storage.addresses import Address
from storage.alerts import Alert, AlertState, AlertStep, StepRole
from storage.people import Enrolment, Person
from storage.staff import Role, Staff
from web import access, alert_cards, formats, once, reachable, talk, weeks, words
from web.alert_cards import Known
from web.formats import in_london
from web.policy import CASEWORK
from web.reachable import Reach
from web.shapes.alerts import AlertPage, Lately, Outcome, OutcomeForm, Whereabouts
from web.shapes.pieces import ConversationDay, Errors, Link, OwnWords, Standing, Step

#: So much of the conversation stands on the alert's own page.
_JUST_NOW = 6
_ABOUT_NUMBERS = frozenset({AlertKind.NEW_NUMBER, AlertKind.RECONFIRM_NUMBER, AlertKind.NUMBER_IN_DOUBT})
_LAST = (StepRole.OPERATOR,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the parts of the page are made from."""

    session: Session
    council: Council
    reader: Staff
    alert: Alert
    rules: Rules
    now: datetime
    facts: Known
    person: Person | None
    enrolled: Enrolment | None
    own: Sequence[Address]
    #: When they last left custody: a number counts as checked only since then.
    released: datetime | None
    steps: Sequence[AlertStep]
    #: Once it has ended, it opens the person to nobody who does not have them anyway.
    sees_person: bool

    @property
    def name(self) -> str:
        return words.first_name(self.person) if self.person else alert_cards.name_of(self.alert, self.facts)

    @property
    def closed(self) -> bool:
        return self.alert.state is AlertState.CLOSED

    @property
    def untaken(self) -> bool:
        """No named person has it."""
        return not self.closed and self.alert.taken_by_id is None


def look(
    session: Session, council: Council, reader: Staff, alert: Alert, *, rules: Rules, now: datetime
) -> Looked:
    facts = alert_cards.known(session, reader, [alert], rules)
    person = facts.people.get(alert.person_id) if alert.person_id else None
    sees = person is not None and access.may_see_person(session, reader, person.id, now)
    return Looked(
        session=session,
        council=council,
        reader=reader,
        alert=alert,
        rules=rules,
        now=now,
        facts=facts,
        person=person,
        enrolled=people.enrolment(session, person.id) if person else None,
        own=addresses.of_person(session, person.id) if person else (),
        released=circumstances.released_by(session, person.id, now) if person else None,
        steps=alerts.steps(session, alert.id),
        sees_person=sees,
    )


def page(
    this: Looked, *, form: OutcomeForm | None = None, unsaved: str = "", errors: Errors | None = None
) -> tuple[AlertPage, tuple[UUID, ...]]:
    """The page, and the texts it shows. ``unsaved``: what the reader wrote after it had been closed."""
    alert = this.alert
    person = this.person if this.sees_person or not this.closed else None
    cause = alert_cards.cause_of(alert, this.facts)
    said = words.headline(alert.kind, this.name)
    left, until = _timing(this)
    days, shown = _talk(this) if person else ((), ())
    taken = not this.untaken and not this.closed
    owed = alert.state is AlertState.TAKEN
    reached = reachable.judged(this.own, this.enrolled, this.released)
    return (
        AlertPage(
            deadline=alert.deadline,
            left=left,
            until=until,
            headline=said,
            source=_source(this, cause),
            words=words.spans(" ".join(cause.texts), cause.why),
            lang=this.person.language if this.person else "",
            safety=reachable.safety(alert, person, this.enrolled, reached) if person else None,
            take=alert_cards.take_button(alert, said) if this.untaken else None,
            code=_code(this) if this.untaken else "",
            taken=alert_cards.taken_by(alert, this.reader, this.facts) if taken else "",
            call=None if this.closed else _call(this, reached),
            pass_on=None
            if this.closed
            else Link(label="I can’t: pass it on", href=f"/alerts/{alert.id}/pass-on"),
            whereabouts=_whereabouts(alert, person),
            put_right=None if this.closed else _put_right(this),
            days=days,
            whole=Link(label="Whole conversation", href=f"/people/{person.id}")
            if person and this.sees_person
            else None,
            chain=_chain(this),
            chain_lead=_chain_lead(alert),
            helps=quiet_plan(person) if person else None,
            lately=_lately(this, person) if person else None,
            outcome=_outcome_form(this, form) if owed or (form and not this.closed) else None,
            closed=_closed(this) if this.closed else None,
            unsaved=unsaved,
            errors=errors or {},
        ),
        shown,
    )


def _talk(this: Looked) -> tuple[tuple[ConversationDay, ...], tuple[UUID, ...]]:
    if this.person is None:
        return (), ()
    found = talk.conversation(this.session, this.reader, this.person, now=this.now, limit=_JUST_NOW)
    return found.days, found.shown


def _timing(this: Looked) -> tuple[str, str]:
    alert = this.alert
    if alert.taken_at is not None and alert.state is not AlertState.OPEN:
        minutes = max(1, int((alert.taken_at - alert.opened_at).total_seconds()) // 60)
        return f"Taken in {formats.span(minutes)}", f"at {formats.time_of_day(alert.taken_at)}"
    timing = formats.deadline(alert_cards.due_at(alert, this.facts), this.now)
    return timing.left, timing.by


def _source(this: Looked, cause: Cause) -> str:
    who = alert_cards.name_of(this.alert, this.facts)
    if this.person is not None:
        who = f"{who}, {this.person.age_on(in_london(this.now).date())}"
    said = f"{who}. {formats.moment(this.alert.opened_at, this.now)}."
    if this.alert.id in this.facts.wordless:
        return f"{said} {alert_cards.WORDS_KEPT}"
    if cause.texts and cause.why:
        return f"{said} Underlined: the words that raised this."
    return f"{said} {'. '.join(cause.why)}." if cause.why else said


def _call(this: Looked, reached: Reach) -> Link | None:
    """A number to ring, where ringing is safe; nobody rings a watched phone or one in custody."""
    person, mobile = this.person, reached.mobile
    if person is None or mobile is None or not reached.ring or person.watched or this.alert.watched:
        return None
    today = in_london(this.now).date()
    if words.silencing(people.states_on(this.session, person.id, today)) is not None:
        return None
    label = f"Call {words.first_name(person)}, {words.address(mobile.channel, mobile.value)}"
    return Link(label=label, href=f"tel:{mobile.value}")


def _put_right(this: Looked) -> Link | None:
    """Where, on the person's page, what the alert tells of is put right."""
    if this.person is None or not this.sees_person:
        return None
    if this.alert.kind in _ABOUT_NUMBERS and this.reader.role in CASEWORK:
        return Link(label="Confirm or change the number", href=f"/people/{this.person.id}?number#number")
    if this.alert.kind is AlertKind.DEATH_REPORTED and this.reader.role is Role.MANAGER:
        return Link(label="If this was not so, say it on their page", href=f"/people/{this.person.id}")
    return None


def _whereabouts(alert: Alert, person: Person | None) -> Whereabouts | None:
    if person is None or alert.deadline is not Deadline.NOW or alert.restricted:
        return None
    name = words.first_name(person)
    if not person.home_address:
        return Whereabouts(lead=f"Tell them where {name} is.", note="We have no address written down.")
    return Whereabouts(lead=f"Tell them where {name} may be:", address=person.home_address)


def quiet_plan(person: Person) -> OwnWords | None:
    if not person.quiet_plan:
        return None
    agreed = person.quiet_plan_agreed_on
    name = words.first_name(person)
    notes = (f"{name}’s words, agreed {formats.full_day(agreed)}.",) if agreed else (f"{name}’s words.",)
    return OwnWords(heading="If I go quiet", words=person.quiet_plan, lang=person.language, notes=notes)


def _lately(this: Looked, person: Person) -> Lately:
    session, name, now = this.session, this.name, this.now
    states = people.states_on(session, person.id, in_london(now).date())
    standing = in_touch.standing(session, person.id, this.rules, now=now)
    return Lately(
        heading=f"{name} lately",
        state=words.badge(states, standing, enrolled=this.enrolled is not None),
        weeks=weeks.week_lines(session, {person.id: name}, now)[person.id],
        text=words.risk_words(person.risk),
    )


def _code(this: Looked) -> str:
    codes = [step.code for step in this.steps if step.staff_id == this.reader.id and step.code]
    return f"OK {codes[-1]}" if codes else ""


def _chain_lead(alert: Alert) -> str:
    match alert.state:
        case AlertState.OPEN:
            return "This goes on until someone takes it."
        case AlertState.TAKEN:
            return "Taken. It closes when what happened is written down; until then we ask for it."
        case AlertState.CLOSED:
            return ""


def _chain(this: Looked) -> tuple[Step, ...]:
    """Who was told, who took it, and who is told next if nobody does."""
    alert, now, session = this.alert, this.now, this.session
    ids = {step.staff_id for step in this.steps if step.staff_id}
    names = {one.id: one.name for one in session.scalars(select(Staff).where(Staff.id.in_(ids)))}
    waiting = alert.state is AlertState.OPEN
    told = [_told(step, names, this, waiting=waiting) for step in this.steps]
    if alert.taken_at is not None:
        taker = this.facts.staff.get(alert.taken_by_id) if alert.taken_by_id else None
        who = taker.name if taker else alert.taken_via
        when = formats.moment(alert.taken_at, now)
        told.append(Step(when=f"{when} {who} took it", what=_via(alert), standing=Standing.DONE))
    if not waiting:
        return tuple(told)
    case = recipients.case_of(session, this.council, alert, now)
    rungs = chain.planned(recipients.situation_of(session, case), this.rules)
    done = {step.role for step in this.steps if step.round == alert.round}
    coming = [(rung.at, [role for role in rung.roles if role not in done]) for rung in rungs]
    return (*told, *(_to_come(at, roles, now) for at, roles in coming if roles))


def _told(step: AlertStep, names: dict[UUID, str], this: Looked, *, waiting: bool) -> Step:
    who = names.get(step.staff_id) if step.staff_id else None
    you = " (you)" if step.staff_id == this.reader.id else ""
    role = words.ROLE_WORDS[step.role]
    return Step(
        when=f"{formats.moment(step.at, this.now)} {who or role}{you}",
        what=f"{role.capitalize()}. {step.words[:1].upper()}{step.words[1:]}" if who else step.words,
        standing=Standing.WAITING if waiting and you else Standing.DONE,
    )


def _to_come(at: datetime, roles: Sequence[StepRole], now: datetime) -> Step:
    said = formats.joined([words.ROLE_WORDS[role] for role in roles])
    last = " A red banner on every page, and round again" if set(roles) & set(_LAST) else ""
    return Step(when=formats.moment(at, now), what=f"{said[:1].upper()}{said[1:]}.{last}")


def _via(alert: Alert) -> str:
    if alert.taken_by_id is None:
        return "A name and an outcome are still owed"
    return {"web": "On this page", "text": "By text"}.get(alert.taken_via, OUT_OF_HOURS_NAME)


def _outcome_form(this: Looked, typed: OutcomeForm | None) -> OutcomeForm:
    form = typed or OutcomeForm(
        action=f"/alerts/{this.alert.id}/outcome", idempotency=once.token(), kinds=words.OUTCOMES
    )
    # Whoever wrote it all down when the alert had gone back into its round takes it with the same button.
    return replace(
        form,
        first_name=this.name if this.person else "They",
        takes=this.alert.state is AlertState.OPEN,
    )


def _closed(this: Looked) -> Outcome:
    alert = this.alert
    closer = this.session.get(Staff, alert.closed_by_id) if alert.closed_by_id else None
    kinds = {choice.value: choice.label for choice in words.OUTCOMES}
    when = formats.day_and_time(alert.closed_at) if alert.closed_at else ""
    return Outcome(
        words=kinds.get(alert.outcome or "", "Closed"),
        note=alert_cards.WORDS_KEPT
        if alert.id in this.facts.wordless and alert.closed_by_id != this.reader.id
        else alert.outcome_note or "",
        by=f"{closer.name if closer else ''}, {when}",
    )
