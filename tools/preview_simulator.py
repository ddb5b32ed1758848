"""An invented simulator: phones in use, a Telegram phone, a work phone and an empty one."""

from tools.preview_parts import step
from tools.preview_person import ONCE
from web.shapes.pieces import (
    Choice,
    Link,
    PostButton,
    Span,
    Standing,
)
from web.shapes.simulator import PhoneDay, PhoneOnScreen, PhoneText, SimulatorClock, SimulatorPage

_ANSWERS = tuple(
    Choice(value=value, label=label)
    for value, label in (("1", "1 good"), ("2", "2 ok"), ("3", "3 not great"), ("4", "4 call me"))
)


def _text(text: str, when: str, *, mine: bool = False, buttons: tuple[Choice, ...] = ()) -> PhoneText:
    return PhoneText(body=(Span(text=text),), when=when, mine=mine, id=when, buttons=buttons)


def _chips(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=label, label=label) for label in labels)


SIMULATOR = SimulatorPage(
    lead="Text as Jay or Amira, answer as Sam, move the clock, and watch what the service does by itself.",
    clock=SimulatorClock(
        day="Thu 26 Nov 2026",
        time="4:02pm",
        forward=(
            PostButton(label="Fast-forward one day", action="#day", idempotency=ONCE),
            PostButton(label="One hour", action="#hour", idempotency=ONCE),
        ),
        reset=PostButton(label="Start again", action="#reset"),
    ),
    happened=(
        step("Tue 24 Nov", "Check-ins to Jay and Amira", Standing.DONE),
        step("Tue, 10:15am", "Jay asked for a call. Sam was told, and took it in 4 min", Standing.DONE),
        step("Tue, 5:15pm", "Sam logged the call", Standing.DONE),
        step("Thu, 4:00pm", "Amira silent for 2 days: one nudge", Standing.DONE),
        step("Sat 28 Nov, if still silent", "SMS as well as Telegram"),
        step("Sun 29 Nov", "Sam is told, with Amira’s own plan"),
    ),
    phones=(
        PhoneOnScreen(
            id="jay",
            name="Jay",
            heading="Jay’s phone",
            detail="SMS, 07700 900 142",
            action="#jay",
            idempotency=ONCE,
            chips=_chips("1", "meh", "CALL ME", "STOP"),
            days=(
                PhoneDay(
                    label="Tue 24 Nov",
                    texts=(
                        _text(
                            "Morning Jay, Sam here. How's this week going? 1 good, 2 ok, 3 not great, "
                            "4 call me, or in your own words.",
                            "10:00am",
                        ),
                        _text(
                            "2 ok but bank stopped my card n rent due fri. can u ring me after 5",
                            "10:15am",
                            mine=True,
                        ),
                        _text("Thanks Jay, passing this to Sam now.", "10:15am"),
                        _text(
                            "Got this Jay. I'll ring you at quarter past 5. Don't worry about Friday, we can "
                            "sort the rent.",
                            "10:41am",
                        ),
                        _text("legend ty", "10:44am", mine=True),
                    ),
                ),
            ),
        ),
        PhoneOnScreen(
            id="amira",
            name="Amira",
            heading="Amira’s phone",
            detail="Telegram",
            action="#amira",
            idempotency=ONCE,
            days=(
                PhoneDay(
                    label="Tue 24 Nov",
                    texts=(_text("Hi Amira, it's Sam. How are you today?", "10:00am", buttons=_ANSWERS),),
                ),
                PhoneDay(
                    label="Thu 26 Nov",
                    texts=(
                        _text(
                            "Only me, Amira. No rush. One tap is enough, or say hi.",
                            "4:00pm. Nudge",
                            buttons=_ANSWERS,
                        ),
                    ),
                ),
            ),
        ),
        PhoneOnScreen(
            id="sam",
            name="Sam",
            heading="Sam’s work phone",
            detail="Adviser, SMS, 07700 900 510",
            action="#sam",
            idempotency=ONCE,
            chips=_chips("OK 3F9"),
            days=(
                PhoneDay(
                    label="Tue 24 Nov",
                    texts=(
                        PhoneText(
                            body=(
                                Span(
                                    text="Today: J.W. asks for a call, by 11:15am. Reply OK 3F9 to take it. "
                                ),
                                Span(text="westhaven.example/3F9", href="alert-today.html"),
                            ),
                            when="10:15am",
                        ),
                        _text("ok 3f9", "10:19am", mine=True),
                        _text("It's yours, Sam. Say how it went on the page when you have rung.", "10:19am"),
                    ),
                ),
            ),
        ),
        PhoneOnScreen(
            id="mira",
            name="Mira",
            heading="Duty phone",
            detail="Duty, SMS, 07700 900 511",
            action="#mira",
            idempotency=ONCE,
        ),
    ),
    other_phones=(Link(label="Leanne", href="#leanne"), Link(label="Helen Ashdown, manager", href="#helen")),
)
