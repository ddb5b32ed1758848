"""Templates rendered from shapes: text is escaped, forms are protected, titles give nothing away."""

import dataclasses
import re
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any

import pytest

from tools.preview_examples import EXAMPLES, Example
from tools.preview_pages import environment, render
from web.templating import TEMPLATES, StrictShape

ENV = environment()
PAGES = {name: render(example, ENV) for name, example in EXAMPLES.items()}
HOSTILE = "<i>\"'&"
GIVES_AWAY = re.compile(
    r"keep in touch|\bcare\b|leaver|pathway|adviser|social|council|westhaven", re.IGNORECASE
)


def poisoned(value: Any) -> Any:
    """The same shape with something hostile at the end of every text in it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: poisoned(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(poisoned(one) for one in value)
    if isinstance(value, dict):
        return {key: poisoned(one) for key, one in value.items()}
    return value + HOSTILE if isinstance(value, str) and not isinstance(value, StrEnum) else value


class Forms(HTMLParser):
    """Collects, for each form that posts, the names of its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[set[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("method") == "post"
            if self._inside:
                self.posts.append(set())
        elif tag == "input" and self._inside and given.get("type") == "hidden":
            self.posts[-1].add(given["name"] or "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"


def posts_of(html: str) -> list[set[str]]:
    forms = Forms()
    forms.feed(html)
    return forms.posts


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_text_is_escaped(name: str) -> None:
    example = EXAMPLES[name]
    html = render(
        Example(template=example.template, page=poisoned(example.page), chrome=poisoned(example.chrome)), ENV
    )
    assert HOSTILE not in html
    assert "<i>" not in html


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_posts_carries_the_csrf_token(name: str) -> None:
    assert all("csrf_token" in hidden for hidden in posts_of(PAGES[name]))


@pytest.mark.parametrize(
    "name", ["person", "not-enrolled", "log-contact", "contact-correct", "enrol-bulk", "alert", "simulator"]
)
def test_forms_that_send_or_record_carry_an_idempotency_id(name: str) -> None:
    assert any("idempotency" in hidden for hidden in posts_of(PAGES[name]))


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if not one.chrome.staff])
def test_titles_of_public_pages_give_nothing_away(name: str) -> None:
    title = re.search(r"<title>(.*?)</title>", PAGES[name])
    assert title is not None
    assert not GIVES_AWAY.search(title[1])
    assert "og:" not in PAGES[name]
    assert 'name="description"' not in PAGES[name]


def test_the_notice_does_not_name_the_service() -> None:
    assert "keep in touch" not in PAGES["notice"].lower()


def test_errors_open_with_a_summary_that_links_to_each_field() -> None:
    for name in ("not-enrolled", "enrol-bulk-wrong", "log-contact", "alert-taken", "sign-in-wrong"):
        html = PAGES[name]
        targets = re.findall(
            r'<a href="#([^"]+)">[^<]+</a>', html.split("govuk-error-summary__list")[1].split("</ul>")[0]
        )
        assert targets
        for target in targets:
            assert f'id="{target}"' in html, f"{name} has no #{target}"
        assert "<title>Error: " in html


def test_ids_are_unique_on_each_page() -> None:
    for name, html in PAGES.items():
        ids = re.findall(r'\sid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), f"{name}: {sorted({one for one in ids if ids.count(one) > 1})}"


def test_the_watched_phone_is_said_before_any_number_or_button() -> None:
    html = PAGES["alert-watched"]
    warning = html.index("This phone may be watched.")
    assert warning < html.index("07700")
    assert warning < html.index("I have this")
    card = PAGES["alerts"].split('id="alert-3"')[1]
    assert card.index("This phone may be watched.") < card.index("I have this")


def test_only_an_open_alert_now_is_red() -> None:
    red = {name for name, html in PAGES.items() if "kit-band--now" in html}
    assert red == {"alert", "alert-watched", "alert-taken"}
    assert "govuk-button--warning" not in PAGES["alert-today"]


def test_red_strips_name_nobody() -> None:
    strips = [strip for one in EXAMPLES.values() for strip in one.chrome.strips]
    assert strips
    assert not any("Leanne" in strip.strong + strip.text for strip in strips)


def test_every_template_is_previewed() -> None:
    used = {example.template for example in EXAMPLES.values()}
    frames = {"base.html", "public.html"}
    assert {path.name for path in TEMPLATES.glob("*.html")} - frames == used


def test_a_field_that_a_shape_does_not_have_is_an_error_here() -> None:
    template = ENV.from_string("{{ page.nothing }}")
    with pytest.raises(Exception, match="AlertsPage has no 'nothing'"):
        template.render(page=EXAMPLES["alerts"].page)
    assert issubclass(ENV.undefined, StrictShape)
