"""Who may use which page: every route and role, for their own case, another's, and one that is not there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from bot.app import health
from bot.webhooks import WebhookKeys, webhooks
from browsing import signed_in_as
from storage.inbound import InboundMessage
from storage.people import AllocationRole, Person, allocate
from storage.staff import Role, Staff, Team
from town import Phone, Town
from web.app import create_app
from web.policy import POLICIES, Door, NoPolicy, check_policies, policy_of

ALL = set(Role)
CASEWORK = {Role.ADVISER, Role.DUTY, Role.MANAGER}
READERS = CASEWORK | {Role.SENIOR}
#: Written down a second time, by hand: who gets past the door of each page that staff see.
ROLES = {
    "site.home": ALL,
    "site.strips": ALL,
    "sign_in.leave": ALL,
    "alerts.listed": ALL,
    "alerts.one": READERS,
    "alerts.take": READERS,
    "alerts.outcome": READERS,
    "alerts.pass_on_form": READERS,
    "alerts.pass_on": READERS,
    "people.listed": CASEWORK,
    "person.page": READERS,
    "person.reply": CASEWORK,
    "person.undo": CASEWORK,
    "person.not_so": {Role.MANAGER},
    "enrolment.one": CASEWORK,
    "enrolment.bulk_form": CASEWORK,
    "enrolment.bulk": CASEWORK,
    "numbers.confirm": CASEWORK,
    "contacts.log_form": CASEWORK,
    "contacts.log": CASEWORK,
    "contacts.correct_form": CASEWORK,
    "contacts.correct": CASEWORK,
    "missed.form": READERS,
    "missed.note": READERS,
    "triage.tray": {Role.DUTY, Role.MANAGER},
    "triage.read": {Role.DUTY, Role.MANAGER},
    "triage.whose": {Role.DUTY, Role.MANAGER},
    "triage.match": {Role.DUTY, Role.MANAGER},
}
PUBLIC = {"static", "site.notice", "site.accessibility", "sign_in.form", "sign_in.enter"}
#: Whose own case it is: the adviser's, and the manager's of that team; duty sees everybody.
SEES_OWN = {Role.ADVISER, Role.MANAGER, Role.DUTY}
SEES_OTHER = {Role.DUTY}


@dataclass(frozen=True)
class Case:
    person: UUID
    alert: UUID
    contact: UUID
    text: UUID

    def arguments(self, rule: Rule, message: UUID) -> dict[str, Any]:
        known: dict[str, Any] = {
            "person_id": self.person,
            "alert_id": self.alert,
            "contact_id": self.contact,
            "text_id": uuid4(),
            "message_id": self.text if "person_id" in rule.arguments else message,
            "filename": "kit.css",
        }
        return {name: known[name] for name in rule.arguments}


def case_of(town: Town, phone: Phone) -> Case:
    phone.texts("i want to die")
    text = phone.texts("ok see you at two")
    assert phone.person_id is not None
    assert text is not None
    return Case(
        person=phone.person_id,
        alert=town.alerts(phone)[0].id,
        contact=town.contacts(phone)[0].id,
        text=text,
    )


def somebody_elses(town: Town) -> Phone:
    """Of another team, and of an adviser there."""
    phone, kim = town.young_person("Kofi"), town.staff("Kim Ray", Role.ADVISER)
    with town.database.begin() as session:
        hill = Team(name="Hill")
        session.add(hill)
        session.flush()
        session.get_one(Staff, kim.staff_id).team_id = hill.id
        person = session.get_one(Person, phone.person_id)
        person.team_id = hill.id
        assert kim.staff_id is not None
        allocate(session, person.id, kim.staff_id, role=AllocationRole.ADVISER, now=town.clock())
    return phone


def status_of(app: Flask, client: FlaskClient, rule: Rule, arguments: dict[str, Any]) -> int:
    """GET where there is GET; else a POST without its form token: 400 when all else is right."""
    with app.test_request_context():
        path = app.url_for(rule.endpoint, **arguments)
    methods = rule.methods or set()
    with (client.get if "GET" in methods else client.post)(path) as answer:
        return answer.status_code


def expected(rule: Rule, role: Role, *, own: bool, exists: bool = True) -> set[int]:
    if rule.endpoint in PUBLIC:
        return {400} if "GET" not in (rule.methods or set()) else {200, 303}
    if role not in ROLES[rule.endpoint]:
        return {403}
    if rule.arguments & {"person_id", "alert_id"}:
        sees = SEES_OWN if own else SEES_OTHER
        if not exists or role not in sees:
            return {404}
    elif "message_id" in rule.arguments and not exists and "GET" in (rule.methods or set()):
        return {404}
    return {200, 303} if "GET" in (rule.methods or set()) else {400}


def test_every_route_for_every_role_and_case(app: Flask, town: Town) -> None:
    own, other = case_of(town, town.young_person("Jay")), case_of(town, somebody_elses(town))
    nothing = Case(person=uuid4(), alert=uuid4(), contact=uuid4(), text=uuid4())
    stranger = town.stranger()
    message = stranger.texts("who is this")
    assert message is not None
    actors = {
        Role.ADVISER: town.sam,
        Role.DUTY: town.on_call,
        Role.MANAGER: town.helen,
        Role.SENIOR: town.ruth,
        Role.PARTICIPATION: town.staff("Pat Lowe", Role.PARTICIPATION),
        Role.ADMIN: town.staff("Ada Finch", Role.ADMIN),
    }
    clients = {role: signed_in_as(app, town, phone).client for role, phone in actors.items()}
    wrong, walked = [], 0
    for rule in app.url_map.iter_rules():
        for role, client in clients.items():
            for case, is_own, exists in ((own, True, True), (other, False, True), (nothing, False, False)):
                asked = case.arguments(rule, message if exists else uuid4())
                status = status_of(app, client, rule, asked)
                walked += 1
                if status not in expected(rule, role, own=is_own, exists=exists):
                    wrong.append(f"{role} {rule.endpoint} own={is_own} exists={exists}: {status}")
    assert not wrong
    assert walked == 18 * len(list(app.url_map.iter_rules()))


def test_nobody_gets_in_without_signing_in(app: Flask, town: Town) -> None:
    own = case_of(town, town.young_person("Jay"))
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC:
            continue
        response_of = app.test_client()
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **own.arguments(rule, uuid4()))
        answer = (response_of.get if "GET" in (rule.methods or set()) else response_of.post)(path)
        assert answer.status_code == 303, rule.endpoint
        assert answer.headers["Location"].startswith("/sign-in")


def test_the_matrix_names_every_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(ROLES) | PUBLIC


def test_a_route_without_a_policy_stops_the_start_and_is_refused(app: Flask, town: Town) -> None:
    check_policies(app)
    app.add_url_rule("/backdoor", "backdoor", lambda: "open")
    with pytest.raises(NoPolicy, match="backdoor"):
        check_policies(app)
    assert signed_in_as(app, town, town.mira).client.get("/backdoor").status_code == 403


def test_a_route_about_a_person_needs_a_policy_that_says_so(app: Flask) -> None:
    app.add_url_rule("/simulator/<uuid:person_id>", "simulator.person", lambda person_id: "open")
    with pytest.raises(NoPolicy, match=r"simulator\.person"):
        check_policies(app)


def test_no_entry_of_the_table_is_about_nothing(town: Town) -> None:
    app = create_app(town.services, session_key="k", demo=True, secure_cookies=False)
    app.register_blueprint(webhooks(town.services, WebhookKeys()))
    app.register_blueprint(health(town.services))
    check_policies(app)
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    blueprints = {endpoint.rpartition(".")[0] for endpoint in endpoints}
    made_elsewhere = {"simulator.*"}
    for entry in set(POLICIES) - made_elsewhere:
        assert entry in endpoints or entry.removesuffix(".*") in blueprints, entry


def test_machines_need_no_form_token_and_get_no_page(town: Town) -> None:
    app = create_app(town.services, session_key="k", demo=False, secure_cookies=False)
    app.register_blueprint(webhooks(town.services, WebhookKeys()))
    app.register_blueprint(health(town.services))
    refused = app.test_client().post("/webhooks/twilio/inbound", data={"Body": "hi"})
    assert (refused.status_code, refused.data) == (403, b"")
    assert app.test_client().get("/healthz").status_code == 200


def test_policies_by_name() -> None:
    webhook, person = policy_of("webhooks.telegram"), policy_of("person.page")
    assert webhook is not None
    assert webhook.door is Door.MACHINE
    assert person is not None
    assert Role.ADMIN not in person.roles
    assert policy_of("nowhere.nothing") is None


def test_reading_a_text_that_is_nobodys_is_for_duty_and_managers(app: Flask, town: Town) -> None:
    town.stranger().texts("who is this")
    for phone, status in ((town.mira, 200), (town.helen, 200), (town.sam, 403), (town.ruth, 403)):
        assert signed_in_as(app, town, phone).client.get("/triage").status_code == status
    with town.database.read() as session:
        assert session.scalars(select(InboundMessage.read_at)).one() is None
