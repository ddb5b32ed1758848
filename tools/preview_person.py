"""Invented examples of a person's page and the forms that belong to it, for the preview."""

from messages.kinds import Deadline
from tools.preview_parts import bubble, said, step
from web.shapes.alerts import AlertCard
from web.shapes.person import (
    LastWeeks,
    NextCheckIn,
    PersonPage,
    PersonTab,
    ReplyBox,
    SegmentCount,
)
from web.shapes.pieces import (
    Choice,
    ConversationDay,
    Fact,
    Link,
    NavItem,
    OwnWords,
    PostButton,
    Side,
    StateBadge,
    Status,
    Touch,
    WeekDot,
    WeekLine,
)

DELIVERED = (Status(words="Delivered"),)
ONCE = "0192f5d0-0000-7000-8000-000000000001"


def tabs(current: str) -> tuple[NavItem, ...]:
    names = ("Conversation", "Contacts")
    return tuple(NavItem(label=name, href=f"#{name.lower()}", current=name == current) for name in names)


ASKS_FOR_A_CALL = AlertCard(
    id="2",
    deadline=Deadline.TODAY,
    left="34 min left",
    by="by 11:15am",
    name="Jay Whitlock",
    href="alert-today.html",
    why="asks for a call",
    words=said("2 ok but bank stopped my card n rent due fri. can u ring me after 5"),
    then="10:15am. If nobody takes it, Dan Whitaker and the duty desk are told at 11:15am.",
    take=PostButton(
        label="I have this", action="#take", hidden="Jay Whitlock asks for a call", idempotency=ONCE
    ),
    links=(Link(label="Reply", href="#reply", hidden="to Jay"),),
)

TALK = (
    ConversationDay(
        label="Tue 10 Nov 2026",
        messages=(
            bubble(
                "1",
                Side.AUTO,
                "Hi Jay, it's Sam. How are things? Reply 1 good, 2 ok, 3 not great, 4 call me. "
                "Or just say it your own way.",
                "Check-in",
                "10:00am",
                statuses=DELIVERED,
            ),
            bubble("2", Side.IN, "1 got the college place!!", "Jay", "10:26am", read_as=("good",)),
            bubble(
                "3",
                Side.OUT,
                "That's brilliant, well done! Which course did you go for?",
                "Sam",
                "10:41am",
                statuses=DELIVERED,
            ),
            bubble(
                "4",
                Side.IN,
                "plumbing lvl 2 starts jan",
                "Jay",
                "5:02pm",
                missed_by="Sam",
                missed=Link(label="Take back", href="#missed", hidden="Jay’s text of 5:02pm"),
                first_version="plumming lvl 2",
                pictures=(Link(label="A photo (JPEG)", href="#photo"),),
            ),
            bubble(
                "5",
                Side.OUT,
                "Nice one. I'll send you the bursary form.",
                "Sam",
                "5:04pm",
                statuses=(
                    Status(words="Failed: phone switched off", failed=True, then="Sent again 5:34pm"),
                    Status(words="Delivered"),
                ),
            ),
            bubble(
                "6",
                Side.IN,
                "I am driving and will reply later. Sent automatically",
                "Jay",
                "5:35pm",
                not_counted="an automatic reply",
                count_href="contact-correct.html",
            ),
        ),
    ),
    ConversationDay(
        label="Today, Tue 24 Nov 2026",
        messages=(
            bubble("7", Side.NOTE, "Survey message (kept private)", "Jay", "9:12am"),
            bubble(
                "8",
                Side.AUTO,
                "Morning Jay, Sam here. How's this week going? 1 good, 2 ok, 3 not great, 4 call me, "
                "or in your own words.",
                "Check-in",
                "10:00am",
                statuses=DELIVERED,
            ),
            bubble(
                "9",
                Side.IN,
                "2 ok but bank stopped my card n rent due fri. can u ring me after 5",
                "Jay",
                "10:15am",
                read_as=("ok", "call me", "money"),
                missed=Link(label="Should have alerted?", href="#missed", hidden="Jay’s text of 10:15am"),
            ),
            bubble(
                "10",
                Side.AUTO,
                "Thanks Jay, passing this to Sam now.",
                "Automatic reply",
                "10:15am",
                statuses=DELIVERED,
            ),
            bubble(
                "11",
                Side.OUT,
                "Got this Jay. I'll ring you at quarter past 5. Don't worry about Friday, "
                "we can sort the rent.",
                "Sam",
                "10:41am",
                statuses=(Status(words="Queued", then="leaves in 7 seconds"),),
                undo=PostButton(label="Undo", action="#undo", hidden="the text of 10:41am"),
            ),
        ),
    ),
)

WEEKS = WeekLine(
    dots=tuple(
        {"h": WeekDot.HEARD, "s": WeekDot.SEEN, "t": WeekDot.TRIED, "-": WeekDot.NOTHING}[x]
        for x in "-s-h-h-h"
    ),
    words="Jay, last 8 weeks: heard from in weeks 4, 6 and 8, seen in week 2",
)

PERSON = PersonPage(
    name="Jay Whitlock",
    first_name="Jay",
    facts="19. Former relevant. Harbour team. WH-20417. Adviser Sam Okafor.",
    state=StateBadge(touch=Touch.IN, words="In touch"),
    tab=PersonTab.CONVERSATION,
    tabs=tabs("Conversation"),
    actions=(Link(label="Log a contact", href="log-contact.html"), Link(label="Pause texts", href="#pause")),
    more=(Link(label="Hand over", href="#hand-over"),),
    alerts=(ASKS_FOR_A_CALL,),
    days=TALK,
    earlier_href="#earlier",
    reply=ReplyBox(
        action="#reply",
        idempotency=ONCE,
        hint="Goes by SMS, signed Sam. Jay may read this in their record one day.",
        count=SegmentCount(characters=62, limit=160, segments=1, cost="about 4p"),
        text="Have you got a letter or email from the bank? A photo is fine.",
        draft="Draft kept.",
        ready=(
            Choice(value="ring", label="I'll ring you today"),
            Choice(value="thanks", label="Thanks, that helps"),
            Choice(value="round", label="Can I pop round?"),
        ),
    ),
    last_weeks=LastWeeks(
        weeks=WEEKS,
        facts=(
            Fact(term="Heard from", value="Today, 10:15am"),
            Fact(term="Spoken with", value="Tue 27 Oct"),
            Fact(term="Seen", value="Mon 12 Oct"),
        ),
        until="With nothing more, Jay counts as in touch until Tue 19 Jan 2027.",
    ),
    next_check_in=NextCheckIn(
        heading="Next check-in: Tue 8 Dec, 10:00am",
        rhythm="Fortnightly, mornings, by SMS.",
        change=Link(label="Change", href="#rhythm", hidden="how often we text Jay"),
        silence=(
            step("Thu 10 Dec", "One nudge, in other words"),
            step("Sat 12 Dec", "The same question on Telegram"),
            step("Sun 13 Dec", "You are told, with Jay’s plan below"),
            step("Tue 15 Dec", "If you have not taken it: Dan and the duty desk, a day later Helen"),
        ),
    ),
    quiet_plan=OwnWords(
        heading="If I go quiet",
        words="Give me a few days. Then text my sister Kira, she knows you. Don’t come to my work.",
        notes=(
            "Kira: 07700 900 268. She knows she may be asked.",
            "Jay’s words, agreed 14 Sep 2026.",
        ),
        link=Link(label="Look at it again by 14 Mar", href="#plan"),
    ),
    reach=(
        Fact(
            term="SMS, first choice",
            value="07700 900 142",
            more="Confirmed with Jay 3 Aug 2026. Safe to text and ring",
        ),
        Fact(term="Telegram", value="Linked 3 Aug 2026"),
        Fact(term="Shared phone", value="No. Texts are signed “Sam” and name no service"),
        Fact(term="Language", value="English"),
    ),
    reach_link=Link(label="Change how we reach Jay", href="#reach"),
    due=(
        Fact(term="Visit due", value="by Mon 7 Dec"),
        Fact(term="Pathway plan", value="by Mon 18 Jan 2027", more="Last review 20 Jul 2026"),
    ),
)
