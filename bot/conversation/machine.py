"""Telling a machine from a person, so that two robots never talk all night (RELIABILITY F39)."""

from datetime import datetime, timedelta

from bot.conversation.situation import Earlier, Situation

#: Nobody reads and answers faster than this.
INHUMAN = timedelta(seconds=3)


def echoes(text: str, situation: Situation) -> bool:
    """The text is one of ours, sent back."""
    plain = text.strip().casefold()
    return bool(plain) and any(plain == said.body.strip().casefold() for said in situation.said)


def in_a_row(situation: Situation, *, machine_now: bool) -> int:
    """How many of this sender's last texts in a row look like a machine's, this one included."""
    if not (machine_now or _like_machine(situation.text, situation.now, situation.earlier, situation)):
        return 0
    count = 1
    for position in range(len(situation.earlier) - 1, -1, -1):
        text, before = situation.earlier[position], situation.earlier[:position]
        if not (text.machine or _like_machine(text.text, text.at, before, situation)):
            break
        count += 1
    return count


def _like_machine(text: str, at: datetime, before: tuple[Earlier, ...], situation: Situation) -> bool:
    return echoes(text, situation) or _repeats(text, before) or _too_fast(at, before, situation)


def _repeats(text: str, before: tuple[Earlier, ...]) -> bool:
    """The same long text again. Short ones ("ok", "1") people do repeat."""
    return len(text) > 20 and any(text == earlier.text for earlier in before)


def _too_fast(at: datetime, before: tuple[Earlier, ...], situation: Situation) -> bool:
    """The first text after one of ours, sooner than anybody reads. (What follows it, people do type.)"""
    return any(
        timedelta() <= at - said.at < INHUMAN and not any(said.at <= earlier.at for earlier in before)
        for said in situation.said
        if not said.queued
    )
