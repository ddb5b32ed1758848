"""Mobile numbers, from whatever a spreadsheet or a person writes to E.164 and back to what people read.

No error here carries the number: it may end in a log.
"""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType

from messages.errors import KitError

#: Ofcom keeps 07700 900000 to 900999 for drama; nobody owns them, so only demo and tests may use them.
#: The library knows them for no valid numbers.
_DRAMA = re.compile(r"\+447700900\d{3}", re.ASCII)
#: "7700900123.0" or "4.47700900123E+11": a spreadsheet took the number for a quantity.
_QUANTITY = re.compile(r"\+?\d+(\.0+|(\.\d+)?[eE]\+?\d{1,2})")
_LONGEST = 64
_WRITTEN = re.compile(r"[+0-9().\-/ ]+")
_MARKS = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069\ufeff"))
_DASHES = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"}
#: 01, 02 and 03 numbers, also those that are nobody's.
_GEOGRAPHIC = re.compile(r"[123]\d{8,9}", re.ASCII)
_BARE = re.compile(r"(?:00)?440?(7\d{9})", re.ASCII)
_TRUNK = re.compile(r"\(\s*0\s*\)")


class PhoneFault(StrEnum):
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    ROUNDED = "rounded"
    IMPOSSIBLE = "impossible"
    LANDLINE = "landline"
    NOT_MOBILE = "not_mobile"
    DRAMA = "drama"


_WORDS = {
    PhoneFault.EMPTY: "There is no number here.",
    PhoneFault.UNREADABLE: "This is not a phone number. Write it as 07... or, from abroad, +...",
    PhoneFault.ROUNDED: "The spreadsheet rounded this number. Format the column as text and type it again.",
    PhoneFault.IMPOSSIBLE: "No such number can exist. Check for a missing or doubled digit.",
    PhoneFault.LANDLINE: "A landline: some carriers read texts aloud to whoever answers. Give a mobile.",
    PhoneFault.NOT_MOBILE: "This number is not a mobile, so it cannot get texts. Give a mobile.",
    PhoneFault.DRAMA: "This number is reserved for drama and belongs to nobody. It works in the demo only.",
}


class PhoneError(KitError):
    """This is not a mobile number that can be texted."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(_WORDS[fault])
        self.fault = fault


def parse(written: str, *, allow_drama: bool = False) -> str:
    """A mobile number in E.164, or :class:`PhoneError`.

    UK mobiles in any spelling; others in international form (``+`` or ``00`` and the country).
    """
    number = _number(_tidy(written))
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if is_drama(e164):
        if not allow_drama:
            raise PhoneError(PhoneFault.DRAMA)
        return e164
    _must_be_mobile(number)
    return e164


def is_drama(e164: str) -> bool:
    return _DRAMA.fullmatch(e164) is not None


def masked(e164: str) -> str:
    """For logs and lists: the last three digits only."""
    return f"...{e164[-3:]}" if len(e164) > 6 else "..."


def friendly(e164: str) -> str:
    """As people here write it: ``07700 900 142``; foreign numbers in international spacing."""
    try:
        number = phonenumbers.parse(e164)
    except NumberParseException:
        return e164
    national = str(number.national_number)
    if number.country_code == 44 and len(national) == 10 and national.startswith("7"):
        return f"0{national[:4]} {national[4:7]} {national[7:]}"
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _tidy(written: str) -> str:
    """Digits and a plus, or the reason why not."""
    if len(written) > _LONGEST:
        raise PhoneError(PhoneFault.UNREADABLE)
    text = written.translate(_MARKS).translate(_DASHES).strip().strip("'\"")
    text = " ".join(text.removeprefix("tel:").split())
    if not text:
        raise PhoneError(PhoneFault.EMPTY)
    text = _unquantified("".join(_digit(char) for char in text))
    if not _WRITTEN.fullmatch(text) or not any(map(str.isdigit, text)):
        raise PhoneError(PhoneFault.UNREADABLE)
    return _TRUNK.sub("", text) if text.startswith(("+", "00")) else text


def _digit(char: str) -> str:
    """Arabic, Bengali and full-width digits as ASCII."""
    if char == "\uff0b":
        return "+"
    return str(int(char)) if char.isdecimal() else char


def _unquantified(text: str) -> str:
    """Undo what a spreadsheet does to a number it takes for a quantity, unless digits were lost."""
    if not _QUANTITY.fullmatch(text):
        return text
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    if not exponent:
        return whole
    if len(fraction) < int(exponent):
        raise PhoneError(PhoneFault.ROUNDED)
    return (whole + fraction)[: len(whole) + int(exponent)]


def _number(text: str) -> PhoneNumber:
    # "447700900123" without its plus, as spreadsheets leave it.
    bare = _BARE.fullmatch("".join(filter(str.isdigit, text)))
    if bare and "+" not in text:
        text = f"+44{bare[1]}"
    try:
        return phonenumbers.parse(text, "GB")
    except NumberParseException:
        raise PhoneError(PhoneFault.IMPOSSIBLE) from None


def _must_be_mobile(number: PhoneNumber) -> None:
    if number.country_code == 44 and _GEOGRAPHIC.fullmatch(str(number.national_number)):
        raise PhoneError(PhoneFault.LANDLINE)
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(PhoneFault.IMPOSSIBLE)
    match phonenumbers.number_type(number):
        case PhoneNumberType.MOBILE | PhoneNumberType.FIXED_LINE_OR_MOBILE:
            return
        case PhoneNumberType.FIXED_LINE:
            raise PhoneError(PhoneFault.LANDLINE)
        case _:
            raise PhoneError(PhoneFault.NOT_MOBILE)
