"""A browser for tests of pages: opens them, reads them, and posts the forms that are on them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from storage.staff import Staff
from town import Phone, Town
from web import sessions
from web.guard import TOKEN


class _Forms(HTMLParser):
    """The hidden fields of each form of a page, by the form's address."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, dict[str, str]] = {}
        self._action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self._action = given.get("action") or ""
            self.hidden.setdefault(self._action, {})
        elif tag == "input" and self._action and given.get("type") == "hidden":
            self.hidden[self._action][given["name"] or ""] = given.get("value") or ""


@dataclass
class Browser:
    """One browser: opens pages, and posts the forms that are on them."""

    client: FlaskClient
    page: str = ""
    status: int = 0
    location: str = ""

    def opens(self, path: str, **details: Any) -> str:
        self._saw(self.client.get(path, **details))
        return self.page

    def sends(self, action: str, /, *, on: str | None = None, **fields: Any) -> int:
        """Post the form to ``action`` as it stands on the page (``on``: opened first); the status."""
        if on is not None:
            self.opens(on)
        forms = _Forms()
        forms.feed(self.page)
        assert action in forms.hidden, f"no form to {action} on this page, but to {list(forms.hidden)}"
        return self.posts(action, forms.hidden[action] | {k.replace("__", "-"): v for k, v in fields.items()})

    def posts(self, path: str, data: dict[str, Any], **details: Any) -> int:
        self._saw(self.client.post(path, data=data, **details))
        return self.status

    @property
    def words(self) -> str:
        """What stands on the page, without markup."""
        text = unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page)))
        return re.sub(r" ([.,])", r"\1", text)

    def _saw(self, response: TestResponse) -> None:
        self.status, self.page = response.status_code, response.get_data(as_text=True)
        self.location = response.headers.get("Location", "")


SignIn = Callable[[Phone], Browser]


def signed_in_as(app: Flask, town: Town, who: Phone) -> Browser:
    """Signed in without the password's half second: a session as the sign-in page makes it."""
    client = app.test_client()
    with town.database.begin() as session:
        staff = session.get_one(Staff, who.staff_id)
        token = sessions.start(session, staff, device="", now=town.clock())
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return Browser(client)


def id_of(phone: Phone) -> UUID:
    found = phone.person_id or phone.staff_id
    assert found is not None
    return found
