"""Every page in a real browser, at a phone's and a desk's width: axe, sideways scroll, policy, script."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tools.preview_examples import EXAMPLES
from tools.preview_pages import served, write

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
RUN = """() => axe
  .run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
  .then(done => done.violations.map(one => `${one.id}: ${one.nodes.map(node => node.target)}`))"""
TARGETS_UNDER_24 = """() => [...document.querySelectorAll('button, input, textarea, select')]
  .filter(one => one.getClientRects().length && !one.closest('.govuk-visually-hidden'))
  .filter(one => one.offsetWidth < 24 || one.offsetHeight < 24)
  .map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pages")
    write(folder)
    with served(folder) as base:
        yield base


@pytest.fixture(scope="module", params=[390, 1280])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    # axe is put into the page past its policy; that the policy itself holds has a test of its own.
    context = browser.new_context(viewport={"width": request.param, "height": 900}, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_axe_finds_nothing(tab: Page, site: str, name: str) -> None:
    tab.goto(f"{site}/{name}.html")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    assert tab.evaluate(RUN) == []
    assert tab.evaluate(TARGETS_UNDER_24) == []


def test_no_page_is_wider_than_a_screen_of_320(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    wide: dict[str, Any] = {}
    for name in EXAMPLES:
        page.goto(f"{site}/{name}.html")
        width = page.evaluate("document.scrollingElement.scrollWidth")
        if width > 320:
            wide[name] = width
    page.close()
    assert wide == {}


def test_pages_break_no_policy_and_throw_nothing(browser: Browser, site: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("response", lambda answer: said.append(answer.url) if answer.status >= 400 else None)
    for name in EXAMPLES:
        page.goto(f"{site}/{name}.html")
    page.close()
    assert said == []


def test_the_menu_opens_on_a_phone_and_all_links_show_without_script(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{site}/people.html")
    link, menu = page.get_by_role("link", name="Triage"), page.get_by_role("button", name="Menu")
    assert not link.is_visible()
    menu.click()
    assert link.is_visible()
    assert menu.get_attribute("aria-expanded") == "true"
    page.close()
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    still = plain.new_page()
    still.goto(f"{site}/people.html")
    assert still.get_by_role("link", name="Triage").is_visible()
    assert not still.locator(".kit-menu").is_visible()
    plain.close()


def test_a_phone_on_screen_shows_its_newest_text_without_script(browser: Browser, site: str) -> None:
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = plain.new_page()
    page.goto(f"{site}/simulator.html")
    newest = page.get_by_text("legend ty").bounding_box()
    screen = page.get_by_role("group", name="Texts on Jay’s phone").bounding_box()
    assert newest is not None
    assert screen is not None
    assert screen["y"] < newest["y"] < screen["y"] + screen["height"]
    plain.close()


def test_a_new_message_comes_in_while_somebody_writes(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path)
    with served(tmp_path) as base:
        page = browser.new_page()
        page.clock.install()
        page.goto(f"{base}/person.html")
        page.get_by_label("Text Jay").fill("half a thought")
        file = tmp_path / "person.html"
        html = file.read_text(encoding="utf-8")
        later = html.replace("message-10", "message-99").replace("Thanks Jay, passing this", "It is me again")
        file.write_text(later, encoding="utf-8")
        page.clock.run_for(11_000)
        page.get_by_text("It is me again").wait_for()
        assert page.get_by_role("status").inner_text() == "Something new has come in"
        assert page.get_by_label("Text Jay").input_value() == "half a thought"
        page.close()


def test_a_page_that_is_not_answered_says_how_old_it_is(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path)
    with served(tmp_path) as base:
        page = browser.new_page(timezone_id="Asia/Tokyo")
        page.clock.install(time=datetime(2026, 11, 24, 10, 42, tzinfo=UTC))
        page.goto(f"{base}/person.html")
        file = tmp_path / "person.html"
        html = file.read_text(encoding="utf-8")
        file.unlink()
        page.clock.run_for(11_000)
        page.get_by_text("Not updated since 10:42").wait_for()
        assert page.get_by_text("Not updated since").is_visible()
        file.write_text(html, encoding="utf-8")
        page.clock.run_for(11_000)
        page.get_by_text("Not updated since").wait_for(state="detached")
        page.close()


def test_when_the_session_is_over_nothing_of_it_stays_on_the_screen(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path)
    with served(tmp_path) as base:
        page = browser.new_page()
        page.clock.install()
        page.goto(f"{base}/person.html")
        page.route(
            "**/person.html", lambda route: route.fulfill(status=303, headers={"Location": "/sign_in.html"})
        )
        page.clock.run_for(11_000)
        page.wait_for_url("**/sign_in.html")
        page.close()


def test_a_new_red_strip_shows_on_any_open_page(browser: Browser, tmp_path: Path) -> None:
    write(tmp_path)
    strip = '<div id="strips"><section class="kit-strip kit-strip--now">Nobody has taken it</section></div>'
    with served(tmp_path) as base:
        page = browser.new_page()
        page.clock.install()
        page.route("**/strips", lambda route: route.fulfill(status=200, content_type="text/html", body=strip))
        page.goto(f"{base}/people.html")
        page.clock.run_for(31_000)
        page.get_by_text("Nobody has taken it").wait_for()
        page.close()
