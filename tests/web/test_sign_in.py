"""Signing in and out: generic refusals, no lock-out, sessions that end, and the demo's buttons only there."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from browsing import Browser, SignIn, id_of
from storage.audit import AuditEvent, verify
from storage.markers import Marker
from storage.staff import Role, Staff, StaffSession
from town import Town
from web.app import create_app
from web.passwords import TooBusy, hashed
from web.sign_in import safe_next

PASSWORD = "four plain words here"
EMAIL = "sam.okafor@westhaven.example"
WRONG = "E-mail or password is not right"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hashed(PASSWORD)


@pytest.fixture
def browser(app: Flask, town: Town, password_hash: str) -> Browser:
    """Sam's, who has a password."""
    with town.database.begin() as session:
        session.get_one(Staff, town.sam.staff_id).password_hash = password_hash
    return Browser(app.test_client())


def tries(browser: Browser, password: str, email: str = EMAIL) -> int:
    return browser.sends("/sign-in", on="/sign-in", email=email, password=password)


def test_the_right_password_opens_the_page_that_was_asked_for(browser: Browser, town: Town) -> None:
    browser.opens("/people?show=out")
    assert browser.location == "/sign-in?next=%2Fpeople%3Fshow%3Dout"
    assert (
        browser.sends("/sign-in", on=browser.location, email=f" {EMAIL.upper()} ", password=PASSWORD) == 303
    )
    assert browser.location == "/people?show=out"
    assert "Sam Okafor" in browser.opens("/alerts")
    with town.database.read() as session:
        row = session.scalars(select(StaffSession)).one()
        assert row.staff_id == town.sam.staff_id
        assert verify(session).whole
        assert session.scalars(select(AuditEvent.action)).all()[-1] == "sign_in.done"


def test_wrong_unknown_and_disabled_are_told_the_same(browser: Browser, town: Town) -> None:
    assert tries(browser, "not this one") == 403
    wrong = browser.words
    assert WRONG in wrong
    assert tries(browser, PASSWORD, "nobody@westhaven.example") == 403
    assert browser.words.replace("nobody@westhaven.example", EMAIL) == wrong
    with town.database.begin() as session:
        session.get_one(Staff, town.sam.staff_id).disabled_at = town.clock()
    assert tries(browser, PASSWORD) == 403
    assert WRONG in browser.words
    with town.database.read() as session:
        assert session.scalars(select(StaffSession)).first() is None


def test_guessing_gets_slower_but_locks_nobody_out(
    browser: Browser, app: Flask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tries(browser, PASSWORD) == 303  # from now on this browser is known
    checked = 0

    def counts(stored: str | None, password: str) -> bool:
        nonlocal checked
        checked += 1
        return password == PASSWORD

    monkeypatch.setattr("web.passwords.matches", counts)
    guesser = Browser(app.test_client())
    for _ in range(5):
        assert tries(guesser, "guess") == 403
    assert tries(guesser, "guess") == 429
    assert "Wait 1 seconds" in guesser.words or "Wait 2 seconds" in guesser.words
    assert checked == 5
    # Early tries cost nothing, and the right password is not looked at either.
    assert tries(guesser, PASSWORD) == 429
    town.clock.advance(seconds=61)
    assert tries(guesser, "guess") == 403
    # Sam's own browser is not slowed by any of it.
    browser.sends("/sign-out", on="/alerts")
    assert tries(browser, PASSWORD) == 303
    # And the guesser's wait never grows past a minute.
    for _ in range(8):
        town.clock.advance(seconds=61)
        assert tries(guesser, "guess") == 403


def test_an_account_that_does_not_exist_slows_down_the_same(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.passwords.matches", lambda stored, password: False)
    guesser = Browser(app.test_client())
    statuses = [tries(guesser, "guess", "nobody@westhaven.example") for _ in range(6)]
    assert statuses == [403] * 5 + [429]


def test_sign_out_ends_the_session_for_good(sam: Browser) -> None:
    sam.opens("/alerts")
    stolen = sam.client.get_cookie("session")
    assert stolen is not None
    assert sam.sends("/sign-out") == 303
    assert sam.opens("/alerts") == "" or sam.status == 303
    sam.client.set_cookie("session", stolen.value)
    sam.opens("/alerts")
    assert sam.status == 303


def test_a_disabled_account_is_out_at_once(sam: Browser, town: Town) -> None:
    sam.opens("/alerts")
    assert sam.status == 200
    with town.database.begin() as session:
        session.get_one(Staff, town.sam.staff_id).disabled_at = town.clock()
    sam.opens("/alerts")
    assert sam.status == 303


def test_half_an_hour_of_nothing_ends_it(sam: Browser, town: Town) -> None:
    for _ in range(4):
        town.clock.advance(minutes=29)
        sam.opens("/alerts")
        assert sam.status == 200
    town.clock.advance(minutes=30)
    sam.opens("/alerts")
    assert sam.status == 303


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(sam: Browser, town: Town) -> None:
    for _ in range(3):
        sam.opens("/alerts", headers={"X-Requested-With": "kit-poll"})
        assert sam.status == 200
        town.clock.advance(minutes=9)
    town.clock.advance(minutes=4)
    sam.opens("/alerts", headers={"X-Requested-With": "kit-poll"})
    assert sam.status == 303


def test_twelve_hours_are_the_longest(sam: Browser, town: Town) -> None:
    for _ in range(28):
        town.clock.advance(minutes=25)
        sam.opens("/alerts")
        assert sam.status == 200
    town.clock.advance(minutes=25)
    sam.opens("/alerts")
    assert sam.status == 303


def test_signing_in_again_gives_a_new_session_and_ends_the_old(browser: Browser, town: Town) -> None:
    tries(browser, PASSWORD)
    browser.opens("/alerts")
    first = browser.client.get_cookie("session")
    with browser.client.session_transaction() as cookie:
        token = cookie["token"]
        cookie.pop("token")
    tries(browser, PASSWORD)
    second = browser.client.get_cookie("session")
    assert first is not None
    assert second is not None
    assert first.value != second.value
    with browser.client.session_transaction() as cookie:
        assert cookie["token"] != token
        assert len(token) >= 43  # 256 bits
    with town.database.read() as session:
        hashes = session.scalars(select(StaffSession.token_hash)).all()
    assert len(hashes) == 2
    assert token.encode() not in b"".join(hashes)


def test_forms_without_their_token_do_nothing(sam: Browser, town: Town) -> None:
    assert sam.posts("/sign-out", {}) == 400
    assert sam.posts("/sign-out", {"csrf_token": "made up"}) == 400
    assert "This could not be read" in sam.page
    sam.opens("/alerts")
    assert sam.status == 200


def test_forms_of_other_sites_end_at_the_door(sam: Browser) -> None:
    sam.opens("/alerts")
    with sam.client.session_transaction() as cookie:
        assert cookie["csrf_token"]
    token = sam.page.split('name="csrf_token" value="')[1].split('"')[0]
    for site in ("cross-site", "same-site"):
        assert sam.posts("/sign-out", {"csrf_token": token}, headers={"Sec-Fetch-Site": site}) == 400
    assert sam.posts("/sign-out", {"csrf_token": token}, headers={"Sec-Fetch-Site": "same-origin"}) == 303


def test_cookies_over_https_are_host_only_secure_and_out_of_reach(town: Town) -> None:
    app = create_app(town.services, session_key="k", demo=False, secure_cookies=True)
    answer = app.test_client().get("/sign-in", base_url="https://kit.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for attribute in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


@pytest.mark.parametrize(
    ("asked", "goes"),
    [
        ("/alerts/1", "/alerts/1"),
        ("/people?show=out", "/people?show=out"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(asked: str, goes: str) -> None:
    assert safe_next(asked) == goes


def test_production_has_no_button_that_signs_in(app: Flask, town: Town) -> None:
    browser = Browser(app.test_client())
    browser.opens("/sign-in")
    token = browser.page.split('name="csrf_token" value="')[1].split('"')[0]
    assert "/sign-in/demo" not in browser.page
    fields = {"staff": str(town.sam.staff_id), "csrf_token": token}
    assert browser.posts("/sign-in/demo", fields) == 404
    with town.database.read() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0


def test_the_demo_signs_in_by_a_button_and_its_clock_signs_nobody_out(town: Town) -> None:
    with town.database.begin() as session:
        rachel = Staff(
            email="rachel.lowe@westhaven.example",
            name="Rachel Lowe",
            role=Role.ADVISER,
            social_worker=True,
            created_at=town.clock(),
        )
        session.add(rachel)
    app = create_app(town.services, session_key="k", demo=True, secure_cookies=False)
    browser = Browser(app.test_client())
    browser.opens("/sign-in")
    first, more = browser.words.split("More people")
    assert (
        first.index("Sam Okafor, adviser")
        < first.index("Rachel Lowe, social worker")
        < first.index("Mira Solanki, duty")
    )
    assert "Dan Whitaker, adviser" not in first
    assert "Dan Whitaker, adviser" in more
    assert "Sam Okafor" not in more
    assert 'type="password"' not in browser.page
    assert browser.sends("/sign-in/demo", staff=str(id_of(town.sam))) == 303
    town.clock.advance(days=1)
    assert "Simulator" in browser.opens("/alerts")
    assert browser.status == 200
    assert browser.sends("/sign-in/demo", on="/sign-in", staff="nobody") == 400


def test_the_session_is_remembered_at_most_once_a_minute(sam: Browser, town: Town) -> None:
    def seen() -> timedelta:
        with town.database.read() as session:
            row = session.scalars(select(StaffSession)).one()
            return row.seen_at - row.started_at

    town.clock.advance(seconds=30)
    sam.opens("/alerts")
    assert seen() == timedelta(0)
    town.clock.advance(seconds=31)
    sam.opens("/alerts")
    assert seen() > timedelta(0)


def test_no_page_tells_an_email_or_password_back_in_an_address(browser: Browser, signed_in: SignIn) -> None:
    tries(browser, "not this one")
    assert "not this one" not in browser.page
    assert browser.location == ""


def test_made_up_accounts_leave_nothing_behind(
    app: Flask, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.passwords.matches", lambda stored, password: False)
    guesser = Browser(app.test_client())
    for number in range(3):
        tries(guesser, "guess", f"nobody{number}@westhaven.example")
    town.clock.advance(hours=25)
    tries(guesser, "guess", "somebody@westhaven.example")
    with town.database.read() as session:
        names = session.scalars(select(Marker.name).where(Marker.name.startswith("sign_in:"))).all()
    assert len(names) == 1


def test_what_no_keyboard_types_is_refused_like_any_other(browser: Browser) -> None:
    assert tries(browser, PASSWORD, "sam\x00@westhaven.example") == 403
    assert WRONG in browser.words


def test_too_many_at_once_are_asked_to_wait(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(stored: str | None, password: str) -> bool:
        raise TooBusy

    with monkeypatch.context() as patch:
        patch.setattr("web.passwords.matches", busy)
        for _ in range(8):
            assert tries(browser, PASSWORD) == 503
    assert "Not available for a moment" in browser.words
    # What nobody looked at was no wrong try: nothing has to be waited for.
    assert tries(browser, PASSWORD) == 303
