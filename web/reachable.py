"""Whether somebody may be rung or texted, on which number, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from messages.channel import ChannelName
from scheduler import circumstances
from storage.addresses import Address, AddressHealth
from storage.alerts import Alert
from storage.people import Enrolment, Person
from web import formats, words
from web.formats import in_london
from web.shapes.alerts import Safety

_DOUBTS = {
    AddressHealth.SUSPECT: "The network says that there is no such number.",
    AddressHealth.INVALID: "It cannot take texts.",
    AddressHealth.DISPUTED: "Somebody else answered from it.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A mobile, and what has been agreed about it. ``checked``: in health, and confirmed as theirs."""

    mobile: Address | None
    checked: bool = False
    #: Confirmed, but not since its owner left custody.
    released: bool = False
    text: bool = False
    ring: bool = False


def judged(own: Sequence[Address], enrolled: Enrolment | None, released: datetime | None) -> Reach:
    """The newest mobile that has been checked, else the newest, judged by what is known of itself."""
    mobiles = [one for one in reversed(own) if one.channel is ChannelName.SMS]
    found = next((one for one in mobiles if is_checked(one, released)), None)
    if found is None:
        newest = mobiles[0] if mobiles else None
        return Reach(mobile=newest, released=newest is not None and is_checked(newest, None))
    # A declaration speaks of the number that was there when it was made.
    declared = enrolled if enrolled and found.starts_at <= enrolled.created_at else None
    return Reach(
        mobile=found,
        checked=True,
        text=found.safe_to_text or (declared is not None and declared.safe_to_text),
        ring=found.safe_to_ring or (declared is not None and declared.safe_to_ring),
    )


def is_checked(one: Address, released: datetime | None) -> bool:
    """In health, and confirmed as theirs; since they left custody, if they did."""
    known = one.ended_at is None and one.health is AddressHealth.GOOD and one.confirmed_at is not None
    return known and (released is None or circumstances.confirmed_since(one, released))


def safety(alert: Alert | None, person: Person, enrolled: Enrolment | None, reach: Reach) -> Safety:
    mobile = reach.mobile
    if enrolled is None or mobile is None:
        why = f"{words.first_name(person)} is not enrolled." if mobile else "There is no mobile number."
        return Safety(strong="We do not know whether it is safe to ring or text.", text=why)
    number = words.address(mobile.channel, mobile.value)
    if not reach.checked or mobile.confirmed_at is None:
        doubt = doubt_of(mobile, words.first_name(person), released=reach.released)
        return Safety(
            strong="Do not ring or text: this number has not been checked.", text=f"{number}. {doubt}"
        )
    on = formats.full_day(in_london(mobile.confirmed_at).date())
    checked = f"{number}, checked with {words.first_name(person)} {on}."
    others = f"Who else sees this phone: {enrolled.others_see_phone}." if enrolled.others_see_phone else ""
    others = others or ("Others use this phone too." if mobile.shared else "")
    watched = person.watched or (alert is not None and alert.watched)
    if watched or not (reach.text or reach.ring):
        return Safety(strong="Not safe to ring or text.", text=f"{others} {checked}".strip())
    if reach.text and reach.ring:
        return Safety(
            strong="Safe to ring and text.", text=f"{others or 'Nobody else sees this phone.'} {checked}"
        )
    strong = "Safe to text, not to ring." if reach.text else "Safe to ring, not to text."
    return Safety(strong=strong, text=f"{others} {checked}".strip())


def doubt_of(mobile: Address, name: str, *, released: bool) -> str:
    """Why a number that is not checked is not, in a sentence."""
    since = " since they left custody" if released else ""
    return _DOUBTS.get(mobile.health, f"Nobody has confirmed it with {name}{since}.")
