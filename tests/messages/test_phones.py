"""Mobiles in every spelling that spreadsheets and people produce; the rest refused with the reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.errors import KitError
from messages.phones import PhoneError, PhoneFault, friendly, is_drama, masked, parse


@pytest.mark.parametrize(
    "written",
    [
        "07700 900123",
        "07700900123",
        "(07700) 900-123",
        "+447700900123",
        "+44 (0)7700 900 123",
        "+44 07700 900123",
        "0044 7700 900123",
        "44 7700 900123",
        "447700900123",
        "7700900123",
        "7700900123.0",
        "447700900123.0",
        "7.700900123E9",
        "4.47700900123E+11",
        "'07700900123",
        "tel:+447700900123",
        "\u202a+44 7700\u00a0900\u2011123\u202c",
        "٠٧٧٠٠٩٠٠١٢٣",
        "\uff0b44 7700 900123",
        " 07700.900.123 ",
    ],
)
def test_reads_a_uk_mobile_in_any_spelling(written: str) -> None:
    assert parse(written, allow_drama=True) == "+447700900123"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        pytest.param("", PhoneFault.EMPTY, id="empty"),
        pytest.param(" \u200b ", PhoneFault.EMPTY, id="invisible"),
        pytest.param("mum's phone", PhoneFault.UNREADABLE, id="words"),
        pytest.param("07700900123 (mum)", PhoneFault.UNREADABLE, id="number-and-words"),
        pytest.param("+", PhoneFault.UNREADABLE, id="only-a-plus"),
        pytest.param("0" * 5000, PhoneFault.UNREADABLE, id="endless"),
        pytest.param("7.7009E+09", PhoneFault.ROUNDED, id="rounded-by-a-spreadsheet"),
        pytest.param("1e99", PhoneFault.ROUNDED, id="absurd-exponent"),
        pytest.param("07700 90012", PhoneFault.IMPOSSIBLE, id="a-digit-short"),
        pytest.param("077009001234", PhoneFault.IMPOSSIBLE, id="a-digit-too-many"),
        pytest.param("07700900123 / 07700900124", PhoneFault.IMPOSSIBLE, id="two-numbers"),
        pytest.param("0612345678", PhoneFault.IMPOSSIBLE, id="foreign-in-national-form"),
        pytest.param("020 7946 0018", PhoneFault.LANDLINE, id="london"),
        pytest.param("01632 960001", PhoneFault.LANDLINE, id="drama-landline"),
        pytest.param("+44 1632 960001", PhoneFault.LANDLINE, id="landline-in-international-form"),
        pytest.param("0033 1 42 68 53 00", PhoneFault.LANDLINE, id="paris"),
        pytest.param("0800 1111", PhoneFault.NOT_MOBILE, id="freephone"),
        pytest.param("070 1234 5678", PhoneFault.NOT_MOBILE, id="personal-number"),
    ],
)
def test_refuses_with_the_reason(written: str, fault: PhoneFault) -> None:
    with pytest.raises(PhoneError) as refused:
        parse(written, allow_drama=True)
    assert refused.value.fault is fault
    assert isinstance(refused.value, KitError)


def test_a_landline_is_told_why() -> None:
    with pytest.raises(PhoneError, match="read texts aloud"):
        parse("020 7946 0018")


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0048 512 345 678", "+48512345678"),
        ("+353 85 123 4567", "+353851234567"),
    ],
)
def test_foreign_mobiles_in_international_form(written: str, e164: str) -> None:
    assert parse(written) == e164


@pytest.mark.parametrize("written", ["07700 900000", "+447700900999"])
def test_drama_numbers_only_where_allowed(written: str) -> None:
    with pytest.raises(PhoneError) as refused:
        parse(written)
    assert refused.value.fault is PhoneFault.DRAMA
    assert is_drama(parse(written, allow_drama=True))


def test_the_number_beside_the_drama_range_is_somebodys() -> None:
    assert not is_drama("+447700901000")
    assert not is_drama("+447700899999")


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_is_a_mobile_or_a_phone_error(written: str) -> None:
    try:
        assert parse(written, allow_drama=True).startswith("+")
    except PhoneError as refused:
        assert refused.fault in PhoneFault


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=10**13).map(str))
def test_errors_never_hold_the_number(written: str) -> None:
    try:
        parse(written)
    except PhoneError as refused:
        assert not any(char.isdigit() for char in str(refused).replace("07...", ""))
        assert refused.__cause__ is None


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=999))
def test_what_is_friendly_can_be_read_back(last: int) -> None:
    e164 = f"+447700900{last:03}"
    assert parse(friendly(e164), allow_drama=True) == e164


def test_how_numbers_are_shown() -> None:
    assert friendly("+447700900142") == "07700 900 142"
    assert friendly("+33612345678") == "+33 6 12 34 56 78"
    assert friendly("not a number") == "not a number"
    assert masked("+447700900142") == "...142"
    assert masked("142") == "..."
