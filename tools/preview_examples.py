"""Every template with invented contents, by the name of the page that the preview writes."""

from dataclasses import dataclass, replace

from tools import preview_alerts, preview_forms, preview_person, preview_simulator
from tools.preview_parts import said
from tools.preview_person import ONCE
from web.shapes.people import Candidate, EnrolBulkPage, PeoplePage, PersonRow, Share, TriagePage, TriageRow
from web.shapes.pieces import (
    Choice,
    Chrome,
    Declaration,
    Link,
    NavItem,
    PageNumber,
    Pager,
    PostButton,
    SearchBox,
    StateBadge,
    Strip,
    StripKind,
    Touch,
    WeekDot,
    WeekLine,
)
from web.shapes.site import AccessibilityPage, ChoosePage, DemoRole, ErrorPage, NoticePage, SignInPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    template: str
    page: object
    chrome: Chrome


def _nav(current: str) -> tuple[NavItem, ...]:
    places = {"Alerts": "alerts.html", "People": "people.html", "Triage": "triage.html"}
    return tuple(NavItem(label=name, href=href, current=name == current) for name, href in places.items())


def _staff(current: str) -> Chrome:
    return Chrome(
        council="Westhaven",
        authority="Westhaven Council",
        nav=_nav(current),
        user=NavItem(label="Sam Okafor", href=""),
        sign_out=PostButton(label="Sign out", action="#sign-out"),
        search=SearchBox(action="people.html"),
    )


PUBLIC = Chrome(council="Westhaven", authority="Westhaven Council", staff=False)
UNTAKEN = Strip(
    kind=StripKind.NOW,
    strong="Nobody has taken the alert about L.P.",
    text="since 10:36am.",
    button=PostButton(label="Take it", action="#take", idempotency=ONCE),
)
DOWN = Strip(kind=StripKind.NOW, strong="Texts to staff are not leaving.", text="Ring people about alerts.")
PHONE_WATCHED = Strip(
    kind=StripKind.WATCHED,
    strong="This phone may be watched.",
    text="Do not call or text before you have read this page.",
)


def _weeks(name: str, dots: str, words: str) -> WeekLine:
    kinds = {"h": WeekDot.HEARD, "s": WeekDot.SEEN, "t": WeekDot.TRIED, "-": WeekDot.NOTHING}
    return WeekLine(dots=tuple(kinds[dot] for dot in dots), words=f"{name}, last 8 weeks: {words}")


PEOPLE = PeoplePage(
    heading="Your young people",
    lead="20 of your 24 young people are in touch. Three are drifting and one is out of touch.",
    total=24,
    links=(Link(label="Enrol people", href="enrol-bulk.html"),),
    filters=(
        NavItem(label="All", href="#all", current=True),
        NavItem(label="Drifting", href="#drifting"),
        NavItem(label="Out of touch", href="#out"),
        NavItem(label="Not enrolled", href="#not-enrolled"),
    ),
    shares_heading="Your 24 young people",
    shares=(
        Share(state=StateBadge(touch=Touch.IN, words="In touch"), count=20, href="#in"),
        Share(state=StateBadge(touch=Touch.DRIFTING, words="Drifting"), count=3, href="#drifting"),
        Share(state=StateBadge(touch=Touch.OUT, words="Out of touch"), count=1, href="#out"),
    ),
    rows=(
        PersonRow(
            name="Reece Dolan",
            href="#reece",
            state=StateBadge(touch=Touch.OUT, words="Out of touch"),
            weeks=_weeks("Reece", "-t-tttt-", "not heard from, tried in five weeks"),
            heard="Last heard from 17 Sep, 10 weeks ago.",
            next="Next try: letter, Thu 26 Nov.",
            button=Link(label="Log a try", href="log-contact.html", hidden="for Reece"),
        ),
        PersonRow(
            name="Bethan Cole",
            href="contacts.html",
            state=StateBadge(touch=Touch.DRIFTING, words="Drifting"),
            weeks=_weeks(
                "Bethan", "hs--ht-t", "heard from in weeks 1 and 5, seen in week 2, tried in weeks 6 and 8"
            ),
            heard="Last heard from 30 Oct.",
            next="Two check-ins missed.",
            button=Link(label="Log a try", href="log-contact.html", hidden="for Bethan"),
        ),
        PersonRow(
            name="Jay Whitlock",
            href="person.html",
            state=StateBadge(touch=Touch.IN, words="In touch"),
            weeks=_weeks("Jay", "-s-h-h-h", "heard from in weeks 4, 6 and 8, seen in week 2"),
            heard="Last heard from today, 10:15am.",
            next="Next check-in Tue 8 Dec.",
        ),
        PersonRow(
            name="Yusuf Abdi",
            href="not-enrolled.html",
            state=StateBadge(touch=Touch.NONE, words="Not enrolled"),
            heard="Nothing automatic is sent.",
        ),
    ),
    pager=Pager(
        numbers=(
            PageNumber(number=1, href="#p1", current=True),
            PageNumber(number=2, href="#p2"),
            PageNumber(),
            PageNumber(number=9, href="#p9"),
        ),
        next_href="#p2",
    ),
)

TRIAGE = TriagePage(
    lead="Two texts belong to nobody, and one has waited since yesterday evening.",
    unknown=(
        TriageRow(
            sender="07700 900 451",
            when="Today, 9:52am",
            words=said("new number this is jay"),
            meta="May be Jay Whitlock: check before you believe it.",
            button=Link(label="Say whose it is", href="#whose", hidden="07700 900 451"),
            links=(Link(label="Not for us", href="#noise", hidden="07700 900 451"),),
        ),
        TriageRow(
            sender="Telegram, no name", when="Today, 8:15am", words=said("هل هذا الرقم صحيح؟"), lang="ar"
        ),
    ),
    unread=(
        TriageRow(
            sender="Ellis Grant",
            href="#ellis",
            when="Yesterday, 7:44pm",
            words=said("alrite ta"),
            meta="We read: good.",
            button=PostButton(label="Read", action="#read", hidden="Ellis Grant’s text"),
        ),
    ),
)

BULK = EnrolBulkPage(
    lead="Nothing automatic is sent to anybody here yet. Each person ticked gets one welcome text, "
    "then check-ins.",
    action="#enrol",
    idempotency=ONCE,
    candidates=(
        Candidate(
            id="1", name="Yusuf Abdi", href="#1", detail="07700 900 733. Adviser Sam Okafor.", ticked=True
        ),
        Candidate(id="2", name="Shanice Green", href="#2", detail="07700 900 734. Adviser Ruth Lindqvist."),
        Candidate(
            id="3",
            name="Liam Farr",
            href="#3",
            detail="01632 960 512. Adviser Devi Rao.",
            problem="this number looks like a landline. Texts need a mobile number.",
        ),
    ),
    declaration=Declaration(),
)
BULK_WRONG = replace(
    BULK, errors={"people": "Tick at least one person", "safe_to_text": "Say whether it is safe to text them"}
)


CHOOSE = ChoosePage(
    heading="Whose text is this?",
    lead="From 07700 900 451, Today, 9:52am. It joins their conversation, not yet counted.",
    quote="new number this is jay",
    back=Link(label="Triage", href="triage.html"),
    action="#whose",
    idempotency=ONCE,
    name="person",
    legend="It is from",
    choices=(
        Choice(value="1", label="Jay Whitlock", hint="WH-20417"),
        Choice(value="reference", label="Somebody else, by their reference"),
        Choice(value="nobody", label="Nobody of ours", hint="It stays here, marked as read"),
    ),
    text_name="reference",
    text_label="Their reference",
    button="Save",
    errors={"person": "Say whose it is"},
)


def _role(label: str, detail: str) -> DemoRole:
    return DemoRole(button=PostButton(label=label, action="#demo", name="role", value=label), detail=detail)


SIGN_IN = SignInPage(action="#sign-in", help=Link(label="I cannot sign in", href="#help"))
SIGN_IN_DEMO = SignInPage(
    action="#sign-in",
    roles=(
        _role("Sam Okafor, adviser", "24 young people, their texts and alerts."),
        _role("Mira Solanki, duty worker", "What belongs to nobody, and alerts nobody took."),
        _role("Helen Ashdown, manager", "Who is in touch in Harbour team, and what is late."),
    ),
)

_simulator_chrome = replace(
    _staff(""),
    nav=(*_nav(""), NavItem(label="Simulator", href="simulator.html", current=True)),
    user=NavItem(label="Demo: Sam Okafor", href=""),
    demo=True,
)
_in_watched = replace(_staff("Alerts"), strips=(UNTAKEN, DOWN, PHONE_WATCHED))

EXAMPLES: dict[str, Example] = {
    "sign-in": Example(template="sign_in.html", page=SIGN_IN, chrome=PUBLIC),
    "sign-in-wrong": Example(
        template="sign_in.html",
        page=replace(
            SIGN_IN,
            email="sam@westhaven",
            next="/people",
            errors={"password": "E-mail or password is not right"},
        ),
        chrome=PUBLIC,
    ),
    "sign-in-demo": Example(template="sign_in.html", page=SIGN_IN_DEMO, chrome=replace(PUBLIC, demo=True)),
    "alerts": Example(template="alerts.html", page=preview_alerts.ALERTS, chrome=_staff("Alerts")),
    "alerts-none": Example(template="alerts.html", page=preview_alerts.NO_ALERTS, chrome=_staff("Alerts")),
    "alert": Example(template="alert.html", page=preview_alerts.NOW, chrome=_staff("Alerts")),
    "alert-watched": Example(template="alert.html", page=preview_alerts.WATCHED, chrome=_in_watched),
    "alert-taken": Example(template="alert.html", page=preview_alerts.TAKEN, chrome=_staff("Alerts")),
    "alert-closed": Example(template="alert.html", page=preview_alerts.CLOSED, chrome=_staff("Alerts")),
    "alert-today": Example(template="alert.html", page=preview_alerts.TODAY, chrome=_staff("Alerts")),
    "person": Example(template="person.html", page=preview_person.PERSON, chrome=_staff("People")),
    "contacts": Example(template="person.html", page=preview_forms.CONTACTS, chrome=_staff("People")),
    "not-enrolled": Example(template="person.html", page=preview_forms.NOT_ENROLLED, chrome=_staff("People")),
    "confirm-number": Example(
        template="person.html", page=preview_forms.CONFIRM_NUMBER, chrome=_staff("People")
    ),
    "death-reported": Example(
        template="person.html", page=preview_forms.DEATH_REPORTED, chrome=_staff("People")
    ),
    "person-arabic": Example(template="person.html", page=preview_forms.ARABIC, chrome=_staff("People")),
    "log-contact": Example(
        template="log_contact.html", page=preview_forms.LOG_CONTACT, chrome=_staff("People")
    ),
    "contact-correct": Example(
        template="contact_correct.html", page=preview_forms.CORRECT, chrome=_staff("People")
    ),
    "people": Example(template="people.html", page=PEOPLE, chrome=_staff("People")),
    "triage": Example(template="triage.html", page=TRIAGE, chrome=_staff("Triage")),
    "enrol-bulk": Example(template="enrol_bulk.html", page=BULK, chrome=_staff("People")),
    "enrol-bulk-wrong": Example(template="enrol_bulk.html", page=BULK_WRONG, chrome=_staff("People")),
    "simulator": Example(
        template="simulator.html", page=preview_simulator.SIMULATOR, chrome=_simulator_chrome
    ),
    "notice": Example(
        template="notice.html",
        page=NoticePage(
            controller="Westhaven Council",
            out_of_hours="07700 900 990",
            data_contact="data@westhaven.example",
        ),
        chrome=PUBLIC,
    ),
    "accessibility": Example(
        template="accessibility.html",
        page=AccessibilityPage(
            contact="Write to access@westhaven.example and say which page.",
            checked="Last checked on 24 November 2026.",
            known=("Photos that young people send have no description.",),
        ),
        chrome=PUBLIC,
    ),
    "choose": Example(template="choose.html", page=CHOOSE, chrome=_staff("Triage")),
    "error-404": Example(template="error.html", page=ErrorPage(code=404), chrome=PUBLIC),
    "error-500": Example(
        template="error.html",
        page=ErrorPage(code=500, reference="3F9-7K4", link=Link(label="Back to alerts", href="alerts.html")),
        chrome=_staff(""),
    ),
}
