"""Who may use which page: one table. A route that is not in it is refused, and stops the start.

An entry is an endpoint, or ``blueprint.*`` for all of a blueprint. Where an address holds the id of a young
person or an alert, the entry says so, and the guard asks :mod:`web.access` before any view runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from flask import Flask

from messages.errors import KitError
from storage.staff import Role


class NoPolicy(KitError):
    """A route has no policy: name it in web/policy.py."""


class Door(StrEnum):
    #: Proves itself (a signature, a token) or tells nothing: no session, no form token.
    MACHINE = "machine"
    PUBLIC = "public"
    STAFF = "staff"


class Subject(StrEnum):
    """The argument of an address that names whom it is about."""

    PERSON = "person_id"
    ALERT = "alert_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    door: Door
    roles: frozenset[Role] = frozenset()
    subject: Subject | None = None


def machine() -> Policy:
    return Policy(door=Door.MACHINE)


def public() -> Policy:
    return Policy(door=Door.PUBLIC)


def staff(*roles: Role, about: Subject | None = None) -> Policy:
    """These roles; without any, everybody who is signed in."""
    return Policy(door=Door.STAFF, roles=frozenset(roles or Role), subject=about)


#: Those who work with young people one by one.
CASEWORK = (Role.ADVISER, Role.DUTY, Role.MANAGER)
#: Those who may read a conversation; a senior only by an alert that was told to them.
READERS = (*CASEWORK, Role.SENIOR)
TRIAGE = (Role.DUTY, Role.MANAGER)

POLICIES: Mapping[str, Policy] = {
    "static": public(),
    "webhooks.*": machine(),
    "health.*": machine(),
    "site.notice": public(),
    "site.accessibility": public(),
    "site.home": staff(),
    "site.strips": staff(),
    "sign_in.form": public(),
    "sign_in.enter": public(),
    "sign_in.demo": public(),
    "sign_in.leave": staff(),
    "simulator.*": staff(),
    "alerts.listed": staff(),
    "alerts.one": staff(*READERS, about=Subject.ALERT),
    "alerts.take": staff(*READERS, about=Subject.ALERT),
    "alerts.outcome": staff(*READERS, about=Subject.ALERT),
    "alerts.pass_on": staff(*READERS, about=Subject.ALERT),
    "alerts.pass_on_form": staff(*READERS, about=Subject.ALERT),
    "people.listed": staff(*CASEWORK),
    "person.page": staff(*READERS, about=Subject.PERSON),
    "person.reply": staff(*CASEWORK, about=Subject.PERSON),
    "person.undo": staff(*CASEWORK, about=Subject.PERSON),
    "person.not_so": staff(Role.MANAGER, about=Subject.PERSON),
    "enrolment.one": staff(*CASEWORK, about=Subject.PERSON),
    "enrolment.bulk_form": staff(*CASEWORK),
    "enrolment.bulk": staff(*CASEWORK),
    "numbers.confirm": staff(*CASEWORK, about=Subject.PERSON),
    "contacts.log_form": staff(*CASEWORK, about=Subject.PERSON),
    "contacts.log": staff(*CASEWORK, about=Subject.PERSON),
    "contacts.correct_form": staff(*CASEWORK, about=Subject.PERSON),
    "contacts.correct": staff(*CASEWORK, about=Subject.PERSON),
    "missed.form": staff(*READERS, about=Subject.PERSON),
    "missed.note": staff(*READERS, about=Subject.PERSON),
    "triage.tray": staff(*TRIAGE),
    "triage.read": staff(*TRIAGE),
    "triage.whose": staff(*TRIAGE),
    "triage.match": staff(*TRIAGE),
}


def policy_of(endpoint: str) -> Policy | None:
    exact = POLICIES.get(endpoint)
    return exact or POLICIES.get(f"{endpoint.rpartition('.')[0]}.*")


def check_policies(app: Flask) -> None:
    """Refuse to start with a route that nobody thought about. Called when all routes are there."""
    faults = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if not _covers(policy_of(rule.endpoint), rule.arguments)
    ]
    if faults:
        raise NoPolicy(f"No policy, or none for whom it is about: {', '.join(sorted(faults))}")


def _covers(policy: Policy | None, arguments: set[str]) -> bool:
    if policy is None:
        return False
    subjects = arguments & {subject.value for subject in Subject}
    return policy.door is Door.MACHINE or not subjects or policy.subject in subjects
