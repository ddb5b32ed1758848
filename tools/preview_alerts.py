"""Invented examples of the list of alerts and of one alert in each of its conditions, for the preview."""

from dataclasses import replace

from messages.kinds import Deadline
from tools.preview_parts import bubble, said, step
from tools.preview_person import ASKS_FOR_A_CALL, DELIVERED, ONCE
from web.shapes.alerts import (
    AlertCard,
    AlertPage,
    AlertsPage,
    Lately,
    Outcome,
    OutcomeForm,
    Safety,
    Whereabouts,
)
from web.shapes.pieces import (
    Choice,
    ConversationDay,
    Fact,
    Link,
    OwnWords,
    PostButton,
    Side,
    Standing,
    StateBadge,
    Touch,
    WeekDot,
    WeekLine,
)

WORDS = said("*cant do this anymore*. nobody would even notice *if i was gone*")
TAKE = PostButton(
    label="I have this", action="#take", hidden="Leanne Pryce may be in danger", idempotency=ONCE
)

ALERTS = AlertsPage(
    stamp="Tuesday 24 November 2026, 10:38am",
    lead="Leanne needs someone in the next 3 minutes. After that: three alerts, the first due at 11:15am.",
    cards=(
        AlertCard(
            id="1",
            deadline=Deadline.NOW,
            left="3 min left",
            by="by 10:41am",
            name="Leanne Pryce",
            href="alert.html",
            why="may be in danger",
            words=WORDS,
            then="10:36am. The crisis numbers have gone to her. If nobody takes it, Dan Whitaker and the "
            "duty desk are told at 10:41am.",
            take=TAKE,
            links=(Link(label="See everything", href="alert.html", hidden="about Leanne Pryce"),),
        ),
        ASKS_FOR_A_CALL,
        AlertCard(
            id="3",
            deadline=Deadline.TODAY,
            left="12 min late",
            by="was 10:26am",
            name="Chloe Vance",
            href="#chloe",
            why="is worried about money",
            words=said("been sanctioned again dont know how im paying the gas"),
            then="9:40am. Ruth is on leave, so it went to Sam. The duty desk was told at 10:40am.",
            take=replace(TAKE, hidden="Chloe Vance is worried about money"),
            links=(Link(label="Open", href="#chloe", hidden="Chloe Vance’s alert"),),
            watched=True,
        ),
        AlertCard(
            id="4",
            deadline=Deadline.SOON,
            left="22 hours left",
            by="by Wed, 9:00am",
            name="Kofi Boadu",
            href="#kofi",
            why="has not answered",
            lead="Kofi’s plan if he goes quiet:",
            words=said("text my nan first. dont turn up before 12"),
            then="Check-in Thu 19 Nov, nudge Sat 21 Nov, Telegram Mon 23 Nov.",
            take=replace(TAKE, hidden="Kofi Boadu has not answered"),
            links=(Link(label="Open plan", href="#kofi", hidden="for Kofi"),),
        ),
    ),
    terms=(
        Fact(
            term="Now", value="You at once", more="After 5 minutes your cover and duty, after 10 your manager"
        ),
        Fact(term="Today", value="1 working hour", more="Then cover, duty and manager together"),
        Fact(term="Soon", value="1 working day", more="Then cover and duty, a day later the manager"),
    ),
    taken=(
        AlertCard(
            id="5",
            deadline=Deadline.TODAY,
            left="Taken in 4 min",
            by="at 9:34am",
            name="Tyler Marsh",
            href="alert-taken.html",
            why="may lose his home",
            words=said("landlord says im out by friday wtf"),
            taken="You have this. It closes when you write down what happened.",
            links=(Link(label="Write what happened", href="alert-taken.html", hidden="with Tyler Marsh"),),
        ),
    ),
)

NO_ALERTS = AlertsPage(
    stamp="Tuesday 24 November 2026, 10:38am",
    lead="Nobody is waiting for you.",
    cards=(),
    empty="No alerts. The last one, Jay Whitlock’s, was closed at 5:31pm yesterday.",
)

NOW = AlertPage(
    deadline=Deadline.NOW,
    left="3 min left",
    until="until 10:41am",
    headline="Leanne may be in danger",
    source="Leanne Pryce, 20. By SMS at 10:36am. Underlined: the words that raised this.",
    words=WORDS,
    safety=Safety(
        strong="Safe to ring and text.", text="Nobody else sees this phone. Checked with Leanne 2 Oct 2026."
    ),
    take=TAKE,
    code="OK 7K4",
    call=Link(label="Call Leanne, 07700 900 217", href="tel:+447700900217"),
    pass_on=Link(label="I can’t: ask Dan Whitaker straight away", href="#pass"),
    whereabouts=Whereabouts(
        lead="Tell them where she is:",
        address="Flat 6, 14 Quay Street, Westhaven, WH1 4QS",
        note="Address checked 9 Nov 2026. Lives alone. Dog in the flat.",
    ),
    days=(
        ConversationDay(
            label="Today, Tue 24 Nov 2026",
            messages=(
                bubble(
                    "1",
                    Side.AUTO,
                    "Hi Leanne, it's Sam. How's your week been? 1 good, 2 ok, 3 not great, 4 call me. "
                    "Or say it your own way.",
                    "Check-in",
                    "10:00am",
                    statuses=DELIVERED,
                ),
                bubble(
                    "2",
                    Side.IN,
                    "*cant do this anymore*. nobody would even notice *if i was gone*",
                    "Leanne",
                    "10:36am",
                ),
                bubble(
                    "3",
                    Side.AUTO,
                    "Thank you for telling us. In danger now: 999. Talk free any time: Samaritans 116 123 or "
                    "text SHOUT to 85258. Crisis: 111 option 2. Out of hours: 07700 900990",
                    "Crisis text",
                    "10:36am",
                    statuses=DELIVERED,
                ),
            ),
        ),
    ),
    whole=Link(label="Whole conversation", href="person.html"),
    chain_lead="This goes on until someone takes it.",
    chain=(
        step("10:36am Sam Okafor (you)", "SMS delivered. Not taken yet", Standing.WAITING),
        step("10:41am Dan Whitaker and duty", "Your cover, and Mira Solanki on the desk"),
        step("10:46am Helen Ashdown", "Team manager"),
        step("10:51am All staff", "A red banner, the operator is paged, then round again every 10 minutes"),
    ),
    helps=OwnWords(
        heading="What helps, in Leanne’s words",
        words="Ring dont text. Auntie Jo can come straight over.",
        call=Link(label="Auntie Jo: 07700 900 331", href="tel:+447700900331"),
        notes=("Agreed 2 Oct 2026.",),
    ),
    lately=Lately(
        heading="Leanne lately",
        state=StateBadge(touch=Touch.IN, words="In touch"),
        weeks=WeekLine(
            dots=(
                WeekDot.HEARD,
                WeekDot.HEARD,
                WeekDot.SEEN,
                WeekDot.NOTHING,
                WeekDot.HEARD,
                WeekDot.HEARD,
                WeekDot.TRIED,
                WeekDot.HEARD,
            ),
            words="Leanne, last 8 weeks: heard from in weeks 1, 2, 5, 6 and 8, seen in week 3, "
            "tried in week 7",
        ),
        text="Risk: raised since 2 Nov (lost her job). Two low answers in a row.",
    ),
)

WATCHED = replace(
    NOW,
    headline="Leanne may be in danger from someone",
    source="Leanne Pryce, 20. By SMS at 10:36am. Underlined: the words that raised this.",
    words=said("hes got my phone *dont ring* he checks it. *scared to go home*"),
    safety=Safety(
        strong="Not safe to ring or text.",
        text="Her partner reads this phone. Agreed 2 Oct 2026: go through Auntie Jo.",
    ),
    call=None,
    procedure=Link(label="Westhaven’s procedure when somebody is at risk from a partner", href="#procedure"),
)

OUTCOMES = (
    Choice(value="safe", label="Spoke with them, safe for now"),
    Choice(value="emergency", label="999 or hospital"),
    Choice(value="handed_on", label="Handed to another service"),
    Choice(value="no_danger", label="Misread: no danger", hint="Say how you know"),
    Choice(
        value="not_reached", label="Could not reach them", hint="Say what you tried and who goes on trying"
    ),
)

TAKEN = replace(
    NOW,
    take=None,
    code="",
    left="Taken in 4 min",
    until="at 10:40am",
    taken="You have this since 10:40am.",
    chain_lead="Taken. Nobody else is told unless two hours pass without an outcome.",
    chain=(
        step("10:36am Sam Okafor (you)", "SMS delivered", Standing.DONE),
        step("10:40am You took it", "By the page", Standing.DONE),
        step("11:40am", "You are reminded if nothing is written down, then Helen Ashdown"),
    ),
    outcome=OutcomeForm(
        action="#outcome", idempotency=ONCE, kinds=OUTCOMES, first_name="Leanne", note="Rang at once."
    ),
    errors={"outcome": "Choose how it ended"},
)

CLOSED = replace(
    TAKEN,
    taken="",
    outcome=None,
    call=None,
    pass_on=None,
    errors={},
    chain_lead="",
    closed=Outcome(
        words="Spoke with them, safe for now",
        note="Rang at once, she answered. Auntie Jo is with her tonight.\nSeeing her tomorrow at 10.",
        by="Sam Okafor, Tue 24 Nov 2026, 11:20am",
    ),
)

TODAY = AlertPage(
    deadline=Deadline.TODAY,
    left="34 min left",
    until="by 11:15am",
    headline="Jay asks for a call",
    source="Jay Whitlock, 19. By SMS at 10:15am.",
    words=said("2 ok but bank stopped my card n rent due fri. *can u ring me* after 5"),
    safety=Safety(strong="Safe to ring and text.", text="Checked with Jay 3 Aug 2026."),
    take=replace(TAKE, hidden="Jay asks for a call"),
    code="OK 3F9",
    call=Link(label="Call Jay, 07700 900 142", href="tel:+447700900142"),
    chain=(
        step("10:15am Sam Okafor (you)", "SMS delivered. Not taken yet", Standing.WAITING),
        step("11:15am Dan Whitaker, duty and Helen Ashdown", "All three together"),
    ),
)
