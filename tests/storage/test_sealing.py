"""Encryption of columns and the blind index."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing import KeyFault, Keyring, SealBroken, new_key

PLACE = "people.first_name"


@given(text=st.text(alphabet=st.characters()))
def test_what_is_sealed_opens_again(text: str) -> None:
    keyring, row = Keyring.fresh(), uuid4()
    assert keyring.open(PLACE, row, keyring.seal(PLACE, row, text)) == text


def test_a_value_opens_only_in_its_own_row_column_and_table() -> None:
    keyring, row = Keyring.fresh(), uuid4()
    sealed = keyring.seal(PLACE, row, "Jay")
    for place, other in ((PLACE, uuid4()), ("people.last_name", row), ("staff.first_name", row)):
        with pytest.raises(SealBroken):
            keyring.open(place, other, sealed)


@given(position=st.integers(min_value=0, max_value=34))
def test_a_changed_byte_is_noticed(position: int) -> None:
    keyring, row = Keyring.fresh(), uuid4()
    sealed = bytearray(keyring.seal(PLACE, row, "Jay"))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        keyring.open(PLACE, row, bytes(sealed))


def test_an_older_key_still_opens_and_still_finds() -> None:
    old_seal, old_index = new_key(), new_key()
    before, row = Keyring(encryption_keys=old_seal, index_keys=old_index), uuid4()
    sealed, mark = before.seal(PLACE, row, "Jay"), before.index("+447700900001")
    after = Keyring(encryption_keys=f"{new_key()},{old_seal}", index_keys=f"{new_key()}, {old_index}")
    assert after.open(PLACE, row, sealed) == "Jay"
    assert mark in after.indexes("+447700900001")
    assert after.index("+447700900001") != mark
    assert after.seal(PLACE, row, "Jay")[:4] != sealed[:4]


def test_the_same_text_never_seals_the_same_way_twice() -> None:
    keyring, row = Keyring.fresh(), uuid4()
    assert keyring.seal(PLACE, row, "Jay") != keyring.seal(PLACE, row, "Jay")


@pytest.mark.parametrize("keys", ["", " , ", "short", "not base64 at all!!", "c2hvcnQ="])
def test_a_bad_key_is_refused_in_words(keys: str) -> None:
    with pytest.raises(KeyFault, match="32 bytes"):
        Keyring(encryption_keys=keys, index_keys=new_key())
