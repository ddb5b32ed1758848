"""What a wording must pass before it may be sent. Each fault is a sentence for whoever edits the text."""

import re
from collections.abc import Iterator, Mapping

from messages.discretion import gives_away
from messages.segments import Encoding, count, odd_characters
from messages.wordings.keys import Placeholder, WordingKey
from messages.wordings.template import Template
from messages.wordings.terms import LONGEST, TERMS

#: Texts to 999 work only from phones that were registered beforehand, so nothing may invite one.
_TEXT_999 = re.compile(r"\b(text|send|sms|message)\w*\b[^.?!]{0,40}\b999\b", re.IGNORECASE)

#: Digits of every script: a number in others than ours is one that no keypad has.
_DIGITS = re.compile(r"\d+")


def faults(
    key: WordingKey, template: Template, language: str, *, helplines: Mapping[str, str]
) -> Iterator[str]:
    """Everything wrong with one variant. ``helplines`` by placeholder."""
    needed = dict(helplines) | {slot.value: LONGEST[slot] for slot in TERMS[key].needs}
    everything = needed | {slot.value: value for slot, value in LONGEST.items()}
    bare, full, longest = template.fill(needed), template.fill(everything), template.longest(everything)
    yield from _placeholder_faults(key, template, helplines)
    # What must be said to a young person has to stand whatever else is unknown.
    yield from _content_faults(key, full if TERMS[key].to_staff else bare)
    if TERMS[key].crisis:
        yield from _number_faults(key, full)
    if language == "en":
        yield from _length_faults(key, longest)
    if not TERMS[key].to_staff:
        # The example values are neutral, so that whatever is found is the wording's own.
        found = {phrase for text in {bare, full, longest} for phrase in gives_away(text, language)}
        if found:
            yield f"gives its reader away: {', '.join(sorted(found))}"


def _placeholder_faults(key: WordingKey, template: Template, helplines: Mapping[str, str]) -> Iterator[str]:
    terms = TERMS[key]
    allowed = {slot.value for slot in terms.placeholders} | set(helplines)
    needed = {slot.value for slot in terms.needs}
    for slot in sorted(template.placeholders - allowed):
        yield f"{{{slot}}} is not known here"
    for slot in sorted(needed - template.needed):
        yield f"{{{slot}}} is missing, or may be left out"
    for slot in sorted(template.needed - needed - set(helplines)):
        yield f"{{{slot}}} may be empty: put it into double brackets"


def _content_faults(key: WordingKey, text: str) -> Iterator[str]:
    if not text:
        yield "is empty when little is known"
    for words in TERMS[key].must_hold:
        if words not in text:
            yield f"{words} is missing, or may be left out"
    if _TEXT_999.search(text):
        yield "invites a text to 999, which reaches nobody"


def _number_faults(key: WordingKey, text: str) -> Iterator[str]:
    """A crisis text holds its numbers, the out-of-hours one where it may, and nothing that looks like one."""
    terms = TERMS[key]
    out_of_hours = (LONGEST[slot] for slot in terms.may if slot is Placeholder.OUT_OF_HOURS)
    named = set(_DIGITS.findall(" ".join((*terms.must_hold, *out_of_hours))))
    found = set(_DIGITS.findall(text))
    for digits in sorted(named - found):
        yield f"the number {digits} is missing"
    for digits in sorted(found - named):
        yield f"{digits} is no number of this text"


def _length_faults(key: WordingKey, text: str) -> Iterator[str]:
    counted = count(text)
    if counted.encoding is not Encoding.GSM_7:
        yield f"needs plain characters instead of {' '.join(odd_characters(text))}"
    most = TERMS[key].most_segments
    if counted.segments > most:
        yield f"takes {counted.segments} parts ({counted.characters} characters), {most} allowed"
