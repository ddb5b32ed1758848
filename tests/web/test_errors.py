"""When something is wrong, and what every answer carries: plain words, nothing of the inside."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from browsing import Browser, SignIn
from town import Town
from web.passwords import TooBusy
from web.policy import POLICIES

SECRET = "zebra-canary-9000"


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    def breaks(error: Exception) -> str:
        raise error

    errors = {
        "500": ValueError(SECRET),
        "503": OperationalError(SECRET, None, Exception(SECRET)),
        "busy": TooBusy(),
    }
    monkeypatch.setattr("web.policy.POLICIES", {**POLICIES, "broken.*": POLICIES["site.notice"]})
    for name, error in errors.items():
        app.add_url_rule(f"/broken/{name}", f"broken.{name}", partial(breaks, error))
    return app


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/broken/500", 500, "Something went wrong here"),
        ("/broken/503", 503, "Not available for a moment"),
        ("/broken/busy", 503, "Not available for a moment"),
        ("/nowhere", 404, "There is nothing here"),
        ("/alerts/not-an-id", 404, "There is nothing here"),
    ],
)
def test_errors_are_plain_words(broken: Flask, path: str, status: int, says: str) -> None:
    browser = Browser(broken.test_client())
    with capture_logs() as logs:
        browser.opens(path)
    assert browser.status == status
    assert says in browser.words
    assert "Traceback" not in browser.page
    assert SECRET not in browser.page
    assert SECRET not in str(logs)
    assert "keep in touch" not in browser.words.lower()  # nobody is signed in


def test_a_fault_can_be_found_by_its_reference(broken: Flask) -> None:
    browser = Browser(broken.test_client())
    with capture_logs() as logs:
        browser.opens("/broken/500")
    assert logs[0]["reference"] in browser.words
    assert logs[0]["error"] == "ValueError"
    assert logs[0]["at"]


def test_a_page_that_is_too_large_is_refused(sam: Browser) -> None:
    sam.opens("/alerts")
    assert sam.posts("/sign-out", {"csrf_token": "x" * 300_000}) == 413
    assert "That is too large" in sam.words


def test_a_wrong_method_is_no_page(sam: Browser) -> None:
    sam.opens("/sign-out")
    assert sam.status == 405


def test_every_answer_is_told_to_be_kept_nowhere_and_load_nothing(sam: Browser, broken: Flask) -> None:
    for path in ("/alerts", "/sign-in", "/notice", "/nowhere", "/broken/500"):
        answer = sam.client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Permissions-Policy" in answer.headers
        assert "Strict-Transport-Security" not in answer.headers  # plain http here
    with sam.client.get("/static/kit.css") as style:
        assert "max-age" in style.headers["Cache-Control"]


def test_no_page_has_script_or_style_of_its_own(sam: Browser, town: Town) -> None:
    jay = town.young_person("Jay")
    jay.texts("i want to die")
    for path in (
        "/alerts",
        "/people",
        f"/people/{jay.person_id}",
        f"/alerts/{town.alerts()[0].id}",
        "/enrol",
    ):
        sam.opens(path)
        assert "<style" not in sam.page
        assert " style=" not in sam.page
        assert "<script>" not in sam.page
        assert " onclick" not in sam.page


def test_no_name_or_number_stands_in_an_address(town: Town, signed_in: SignIn) -> None:
    jay, mira = town.young_person("Jay"), signed_in(town.mira)
    jay.texts("i want to die")
    for path in ("/alerts", "/people", "/triage", f"/people/{jay.person_id}"):
        mira.opens(path)
        addresses = [part.split('"')[0] for part in mira.page.split('href="/')[1:]]
        addresses += [part.split('"')[0] for part in mira.page.split('action="/')[1:]]
        assert addresses
        assert not [one for one in addresses if "jay" in one.lower() or "7700" in one or "WH-" in one]


def test_public_pages_need_nobody_and_name_nothing(app: Flask) -> None:
    browser = Browser(app.test_client())
    for path in ("/notice", "/accessibility", "/sign-in"):
        browser.opens(path)
        assert browser.status == 200
    browser.opens("/notice")
    assert "<title>About these texts</title>" in browser.page
    assert "01632 960 990" in browser.words


def test_an_open_page_asks_for_new_strips_and_the_signed_out_are_sent_away(
    sam: Browser, app: Flask, town: Town
) -> None:
    poll = {"X-Requested-With": "kit-poll"}
    for path in ("/alerts", "/people", "/accessibility"):
        sam.opens(path)
        assert 'id="strips" data-kit-poll="30" data-kit-from="/strips"' in sam.page
        assert "data-kit-answer" not in sam.page
    assert "kit-strip" not in sam.opens("/strips", headers=poll)
    town.young_person("Jay").texts("i want to die")
    town.passes(minutes=16)
    assert "Nobody has taken the alert about J.W." in sam.opens("/strips", headers=poll)
    assert 'id="strips"' in sam.page
    out = Browser(app.test_client())
    out.opens("/strips", headers=poll)
    assert out.status == 303


def test_a_page_that_answers_a_form_says_that_it_cannot_be_asked_for_again(sam: Browser, town: Town) -> None:
    page = f"/people/{town.young_person('Jay').person_id}"
    assert sam.sends(f"{page}/reply", on=page, reply="", do="send") == 422
    assert "data-kit-answer" in sam.page
