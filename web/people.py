"""The list of people: a caseload, a team, or everybody, by role. The same queries however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from scheduler import in_touch, rules
from scheduler.in_touch import InTouch, Standing
from scheduler.rules import Rules
from storage.people import Enrolment, Person, PersonState
from storage.staff import Role, Staff
from web import access, chrome, current, formats, weeks, words
from web.formats import in_london
from web.shapes.people import PeoplePage, PersonRow, Share
from web.shapes.pieces import Link, NavItem, PageNumber, Pager, StateBadge, Touch, WeekLine

pages = Blueprint("people", __name__)

PER_PAGE = 25
_FILTERS = {"": "All", "drifting": "Drifting", "out": "Out of touch", "not-enrolled": "Not enrolled"}
_BY_TOUCH = {Touch.OUT: "out", Touch.DRIFTING: "drifting", Touch.IN: "in"}
_URGENCY = {InTouch.OUT_OF_TOUCH: 0, InTouch.DRIFTING: 1, InTouch.IN_TOUCH: 2}
_HEADINGS = {Role.MANAGER: "Your team’s young people", Role.DUTY: "All young people"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    person: Person
    badge: StateBadge
    standing: Standing
    enrolled: bool

    @property
    def order(self) -> tuple[bool, int, str]:
        """Those with a clock first, out of touch before drifting; then by name."""
        silent = self.badge.touch is Touch.NONE
        return silent, _URGENCY[self.standing.state], words.full_name(self.person).casefold()


@pages.get("/people")
def listed() -> str:
    reader, now = current.reader(), current.now()
    wanted = request.args.get("show", "")
    wanted = wanted if wanted in (*_FILTERS, "in") else ""
    with current.services().database.read() as session:
        values = rules.load(session)
        everybody = sorted(_everybody(session, reader, values, now), key=lambda one: one.order)
        found = [one for one in everybody if _is_wanted(one, wanted)]
        page = _page_number(len(found))
        shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
        lines = weeks.week_lines(session, {one.person.id: words.first_name(one.person) for one in shown}, now)
    return chrome.rendered(
        "people.html",
        PeoplePage(
            heading=_HEADINGS.get(reader.role, "Your young people"),
            lead=_lead(everybody),
            rows=tuple(_row(one, lines, now) for one in shown),
            total=len(found),
            filters=_filters(wanted),
            pager=_pager(page, len(found), wanted),
            links=(Link(label="Enrol people", href="/enrol"),),
            shares=_shares(everybody),
            shares_heading=f"All {len(everybody)}" if everybody else "",
            empty="Nobody here." if everybody else "Nobody is allocated to you yet.",
        ),
        place="People",
    )


def _everybody(session: Session, reader: Staff, values: Rules, now: datetime) -> list[_Listed]:
    """Everybody on the reader's list, with where they stand. Names are sealed, so they are sorted here."""
    names = (Person.case_id, Person.first_name, Person.last_name, Person.preferred_name)
    found = session.scalars(
        select(Person)
        .options(load_only(*names, Person.next_check_in_at))
        .where(access.caseload(session, reader, now), Person.closed_at.is_(None))
    ).all()
    ids = [person.id for person in found]
    standings = in_touch.standings(session, ids, values, now=now)
    enrolled = set(
        session.scalars(
            select(Enrolment.person_id).where(Enrolment.person_id.in_(ids), Enrolment.ended_at.is_(None))
        )
    )
    states = _states(session, ids, now)
    return [
        _Listed(
            person=person,
            badge=words.badge(
                states.get(person.id, ()), standings[person.id], enrolled=person.id in enrolled
            ),
            standing=standings[person.id],
            enrolled=person.id in enrolled,
        )
        for person in found
    ]


def _states(session: Session, ids: Sequence[UUID], now: datetime) -> dict[UUID, list[PersonState]]:
    today = in_london(now).date()
    found: dict[UUID, list[PersonState]] = {}
    for state in session.scalars(
        select(PersonState).where(PersonState.person_id.in_(ids), PersonState.starts_on <= today)
    ):
        if state.holds_on(today):
            found.setdefault(state.person_id, []).append(state)
    return found


def _is_wanted(one: _Listed, wanted: str) -> bool:
    if wanted == "not-enrolled":
        return not one.enrolled
    return not wanted or _BY_TOUCH.get(one.badge.touch) == wanted


def _row(one: _Listed, lines: Mapping[UUID, WeekLine], now: datetime) -> PersonRow:
    person = one.person
    name, href = words.full_name(person), f"/people/{person.id}"
    quiet = one.badge.touch in (Touch.OUT, Touch.DRIFTING)
    log = Link(label="Log a try", href=f"{href}/log", hidden=f"for {words.first_name(person)}")
    return PersonRow(
        name=name,
        href=href,
        state=one.badge,
        heard=words.heard(one.standing.last_two_way_at, now),
        next=_next(one, now),
        weeks=lines[person.id],
        button=log if quiet else None,
    )


def _next(one: _Listed, now: datetime) -> str:
    if not one.enrolled:
        return "Nothing automatic is sent."
    if one.person.next_check_in_at is None:
        return "No check-in planned."
    due = in_london(one.person.next_check_in_at).date()
    return f"Next check-in {formats.day_near(due, in_london(now).date())}."


def _lead(everybody: Sequence[_Listed]) -> str:
    counts = {state: sum(1 for one in everybody if one.badge.touch is state) for state in _BY_TOUCH}
    clocked = sum(counts.values())
    if not clocked:
        return "Nobody here has been in touch yet." if everybody else "Nobody is on your list."
    quiet = [
        f"{formats.spelled(counts[Touch.DRIFTING], 'is', 'are')} drifting",
        f"{formats.spelled(counts[Touch.OUT], 'is', 'are')} out of touch",
    ]
    said = formats.joined([one for one in quiet if not one.startswith("no ")])
    people = "young person is" if clocked == 1 else "young people are"
    first = f"{counts[Touch.IN]} of {clocked:,} {people} in touch."
    return f"{first} {said[:1].upper()}{said[1:]}." if said else first


def _shares(everybody: Sequence[_Listed]) -> tuple[Share, ...]:
    badges = (
        StateBadge(touch=Touch.IN, words="In touch"),
        StateBadge(touch=Touch.DRIFTING, words="Drifting"),
        StateBadge(touch=Touch.OUT, words="Out of touch"),
    )
    return tuple(
        Share(
            state=badge,
            count=sum(1 for one in everybody if one.badge.touch is badge.touch),
            href=f"/people?show={_BY_TOUCH[badge.touch]}",
        )
        for badge in badges
        if everybody
    )


def _filters(wanted: str) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(label=label, href=f"/people?show={key}" if key else "/people", current=key == wanted)
        for key, label in _FILTERS.items()
    )


def _page_number(total: int) -> int:
    given = request.args.get("page", "1")
    last = max(1, -(-total // PER_PAGE))
    return min(max(1, int(given)), last) if given.isascii() and given.isdigit() and len(given) < 6 else 1


def _pager(page: int, total: int, wanted: str) -> Pager | None:
    last = -(-total // PER_PAGE)
    if last < 2:
        return None

    def href(number: int) -> str:
        return f"/people?{urlencode({'show': wanted, 'page': number} if wanted else {'page': number})}"

    numbers: list[PageNumber] = []
    for number in sorted({1, page - 1, page, page + 1, last} & set(range(1, last + 1))):
        if numbers and number - numbers[-1].number > 1:
            numbers.append(PageNumber())
        numbers.append(PageNumber(number=number, href=href(number), current=number == page))
    return Pager(
        numbers=tuple(numbers),
        previous_href=href(page - 1) if page > 1 else "",
        next_href=href(page + 1) if page < last else "",
    )
