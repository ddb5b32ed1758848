"""Pages around the work: where to begin, the notice for young people, accessibility."""

from flask import Blueprint, get_template_attribute, redirect
from flask.typing import ResponseReturnValue

from scheduler import rules
from web import chrome, current
from web.shapes.site import AccessibilityPage, NoticePage

pages = Blueprint("site", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    return redirect("/alerts", 303)


@pages.get("/strips")
def strips() -> str:
    """What every open page asks for again; who is signed out is sent to the door."""
    return str(get_template_attribute("macros/strips.html", "red_strips")(chrome.red_strips()))


@pages.get("/notice")
def notice() -> str:
    council = current.services().council
    with current.services().database.read() as session:
        contact = rules.load(session).complaints_contact
    return chrome.public(
        "notice.html",
        NoticePage(
            controller=chrome.authority(council),
            out_of_hours=council.out_of_hours_phone,
            data_contact=contact,
        ),
    )


@pages.get("/accessibility")
def accessibility() -> str:
    council = chrome.authority(current.services().council)
    return chrome.rendered(
        "accessibility.html",
        AccessibilityPage(
            contact=f"Tell {council} which page it was and what went wrong, in any way that suits you.",
            checked="They are tested with axe-core, as wide as a phone and as a desk, before each release.",
        ),
    )
