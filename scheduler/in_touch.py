"""In touch, drifting, or out of touch: computed from contacts alone, for any moment.

In touch is a two-way contact in the last eight weeks. A text of ours is an attempt and never counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.rules import Rules
from storage import check_ins, contacts
from storage.contacts import Layer
from storage.people import Person, Risk


class InTouch(StrEnum):
    IN_TOUCH = "in_touch"
    #: Still in touch, but not for long if nothing happens.
    DRIFTING = "drifting"
    OUT_OF_TOUCH = "out_of_touch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    state: InTouch
    #: None: never.
    last_two_way_at: datetime | None = None
    #: The newest contact in each layer (answered by text, spoken with, seen) that was ever reached.
    by_layer: Mapping[Layer, datetime] = field(default_factory=dict)
    #: Check-ins in a row that had their time and got no answer.
    unanswered: int = 0

    def reached(self, layer: Layer, rules: Rules, now: datetime) -> bool:
        """In touch in this layer: the three figures that are reported side by side."""
        at = self.by_layer.get(layer)
        return at is not None and now - at <= rules.in_touch_for


def judge(by_layer: Mapping[Layer, datetime], unanswered: int, rules: Rules, now: datetime) -> Standing:
    """The standing that follows from the newest contact of each layer: pure."""
    last = max(by_layer.values(), default=None)
    if last is None or now - last > rules.in_touch_for:
        state = InTouch.OUT_OF_TOUCH
    elif now - last > rules.drifting_after or unanswered >= rules.drifting_missed:
        state = InTouch.DRIFTING
    else:
        state = InTouch.IN_TOUCH
    return Standing(state=state, last_two_way_at=last, by_layer=by_layer, unanswered=unanswered)


def standing(session: Session, person_id: UUID, rules: Rules, *, now: datetime) -> Standing:
    """Where one person stands, as things were at ``now``."""
    return standings(session, [person_id], rules, now=now)[person_id]


def standings(
    session: Session, person_ids: Sequence[UUID], rules: Rules, *, now: datetime
) -> dict[UUID, Standing]:
    """Where each of several people stands, in three queries however many they are."""
    reached = contacts.last_counted(session, person_ids, until=now)
    asked = check_ins.asked_between(session, person_ids, now - rules.in_touch_for, now)
    chosen = session.execute(select(Person.id, Person.risk).where(Person.id.in_(person_ids)))
    risks: dict[UUID, Risk] = {row.id: row.risk for row in chosen}
    found = {}
    for person_id in person_ids:
        layers = reached.get(person_id, {})
        answer_by = now - _patience(risks.get(person_id, Risk.STANDARD), rules)
        last = max(layers.values(), default=None)
        silent = [at for at in asked.get(person_id, []) if at <= answer_by and (last is None or at > last)]
        found[person_id] = judge(layers, len(silent), rules, now)
    return found


def _patience(risk: Risk, rules: Rules) -> timedelta:
    """How long a check-in may wait for its answer before it counts as unanswered."""
    return timedelta(days=rules.adviser_day[risk.value])
