"""Invented examples of a person's page in other conditions, and of its small forms, for the preview."""

from dataclasses import replace

from tools.preview_parts import bubble
from tools.preview_person import DELIVERED, ONCE, tabs
from web.shapes.person import (
    ContactCorrectPage,
    ContactRow,
    DeathReport,
    Enrolment,
    LastWeeks,
    LogContactPage,
    Notice,
    NumberForm,
    PersonPage,
    PersonTab,
)
from web.shapes.pieces import (
    Choice,
    ConversationDay,
    DateField,
    Declaration,
    Fact,
    Link,
    Side,
    StateBadge,
    Touch,
    WeekDot,
    WeekLine,
)

CONTACTS = PersonPage(
    name="Bethan Cole",
    first_name="Bethan",
    facts="20. Former relevant. Harbour team. WH-20388. Adviser Sam Okafor.",
    state=StateBadge(touch=Touch.DRIFTING, words="Drifting"),
    tab=PersonTab.CONTACTS,
    tabs=tabs("Contacts"),
    actions=(Link(label="Log a contact", href="log-contact.html"),),
    contacts=(
        ContactRow(
            when="Tue 17 Nov 2026, 2:10pm",
            what="Call. No answer",
            who="Sam Okafor",
            counts="We tried",
            note="Rang out twice. No voicemail.",
        ),
        ContactRow(
            when="Fri 6 Nov 2026, 8:02am",
            what="Text",
            who="Bethan",
            counts="",
            not_counted="an automatic reply",
            correct_href="contact-correct.html",
        ),
        ContactRow(
            when="Fri 30 Oct 2026, 6:40pm",
            what="Text",
            who="Bethan",
            counts="Counts as in touch",
            note="alrite, give me a week then ring",
            correct_href="contact-correct.html",
        ),
    ),
    no_check_in="None while the alert of this morning is open, and for 48 hours after.",
    no_quiet_plan="No plan agreed yet: ask Bethan when you next speak.",
)

NOT_ENROLLED = PersonPage(
    name="Yusuf Abdi",
    first_name="Yusuf",
    facts="18. Relevant. Hill team. WH-20533. Adviser Sam Okafor.",
    state=StateBadge(touch=Touch.NONE, words="Not enrolled"),
    tab=PersonTab.CONVERSATION,
    tabs=tabs("Conversation"),
    actions=(Link(label="Log a contact", href="log-contact.html"),),
    notice=Notice(
        heading="The number is also Kofi Boadu’s",
        text="Two people share it. Ask whose it is before you enrol Yusuf.",
        link=Link(label="Open Kofi’s page", href="#kofi"),
    ),
    enrolment=Enrolment(
        action="#enrol",
        idempotency=ONCE,
        number="07700 900 733",
        declaration=Declaration(
            confirmed_on=DateField(day="31", month="11", year="2026"), safe_to_text="yes", others_see="shared"
        ),
    ),
    no_messages="No messages yet. The welcome text is the first.",
    no_reply="Nobody can text Yusuf before the declaration is made.",
    reach=(Fact(term="SMS", value="07700 900 733", more="Not confirmed"),),
    errors={
        "number_confirmed": "Tick when you have checked the number with Yusuf",
        "confirmed_on": "November has 30 days: check the date",
        "others_who": "Say who shares the phone",
    },
)

ARABIC = PersonPage(
    name="أميرة صالح",
    first_name="Amira",
    facts="19. Former relevant. Harbour team. WH-20491. Adviser Sam Okafor.",
    state=StateBadge(touch=Touch.OUT, words="Out of touch"),
    tab=PersonTab.CONVERSATION,
    tabs=tabs("Conversation"),
    notice=Notice(
        heading="In custody since Mon 2 Nov", text="No texts and no calls. Write, or book a visit."
    ),
    days=(
        ConversationDay(
            label="Tue 1 Sep 2026",
            messages=(
                bubble(
                    "1",
                    Side.AUTO,
                    "مرحبا أميرة، معك سام. كيف حالك؟ 1 جيد، 2 لا بأس، 3 ليس جيدا، 4 اتصل بي",
                    "Check-in",
                    "10:00am",
                    statuses=DELIVERED,
                    lang="ar",
                ),
                bubble("2", Side.IN, "الحمد لله بخير 🙂", "Amira", "11:40am", read_as=("good",), lang="ar"),
            ),
        ),
    ),
    no_reply="Amira is in custody: nothing is sent to a mobile.",
    last_weeks=LastWeeks(
        weeks=WeekLine(
            dots=(WeekDot.NOTHING, WeekDot.TRIED, *(WeekDot.NOTHING,) * 5, WeekDot.TRIED),
            words="Amira, last 8 weeks: not heard from, tried in weeks 2 and 8",
        ),
        facts=(Fact(term="Heard from", value="Tue 1 Sep"),),
    ),
)

CONFIRM_NUMBER = replace(
    NOT_ENROLLED,
    state=StateBadge(touch=Touch.DRIFTING, words="Drifting"),
    notice=None,
    enrolment=None,
    number=NumberForm(
        action="#number",
        idempotency=ONCE,
        heading="Confirm this number",
        lead="07700 900 733: nobody has confirmed it with Yusuf. Nothing automatic goes to it before.",
        mobile="01632 960 733",
        declaration=Declaration(confirmed_on=DateField(day="24", month="11", year="26"), safe_to_text="yes"),
    ),
    no_messages="No messages yet.",
    no_reply="There is no number on which Yusuf may be texted.",
    errors={
        "mobile": "A landline: some carriers read texts aloud to whoever answers. Give a mobile.",
        "others_see": "Say who else sees the phone",
    },
)

DEATH_REPORTED = replace(
    ARABIC,
    name="Kofi Boadu",
    first_name="Kofi",
    facts="20. Former relevant. Harbour team. WH-20402. Adviser Sam Okafor.",
    state=StateBadge(touch=Touch.NONE, words="A death was reported"),
    notice=Notice(
        heading="A death was reported since Tue 24 Nov 2026",
        text="Nothing is sent. A manager decides what happens next.",
    ),
    death_report=DeathReport(action="#not-so", idempotency=ONCE),
    days=(),
    no_reply="A death was reported: nothing is sent to a mobile.",
    last_weeks=None,
    errors={"reason": "Say how you know that it was not so"},
)

LOG_CONTACT = LogContactPage(
    name="Bethan Cole",
    first_name="Bethan",
    back=Link(label="Bethan Cole", href="contacts.html"),
    action="#log",
    idempotency=ONCE,
    methods=(
        Choice(value="call", label="Call"),
        Choice(value="visit", label="Visit"),
        Choice(value="letter", label="Letter"),
        Choice(value="agency", label="Through another agency", hint="For example, college or housing"),
        Choice(value="other", label="Something else"),
    ),
    method="call",
    on=DateField(day="24", month="11", year="2026"),
    at="25:10",
    errors={"two_way": "Say whether you reached Bethan", "at": "Write the time like 5:15pm"},
)

CORRECT = ContactCorrectPage(
    name="Bethan Cole",
    first_name="Bethan",
    back=Link(label="Bethan Cole", href="contacts.html"),
    action="#correct",
    idempotency=ONCE,
    message=bubble("6", Side.IN, "At work til 5, will text u after", "Bethan", "Fri 6 Nov 2026, 8:02am"),
    standing="Received, not counted: we read it as an automatic reply.",
    reasons=(
        Choice(value="autoreply", label="A phone or mailbox answered by itself"),
        Choice(value="wrong_person", label="It is not Bethan’s number"),
        Choice(value="third_party", label="Somebody else wrote it"),
        Choice(value="noise", label="Sent by mistake, or nothing in it"),
    ),
)
