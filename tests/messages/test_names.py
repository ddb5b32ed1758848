"""How a person is addressed, and when not at all."""

import pytest

from messages.names import addressed_as, initials


@pytest.mark.parametrize(
    ("first", "preferred", "safe", "may_name", "name"),
    [
        pytest.param("Jayden", "Jay", None, True, "Jay", id="preferred-first"),
        pytest.param("Jayden", None, None, True, "Jayden", id="else-the-first-name"),
        pytest.param("Jayden", " ", "", True, "Jayden", id="blank-is-none"),
        pytest.param("Jayden", "Jay", "Max", True, "Max", id="safe-name-wins"),
        pytest.param("Jayden", "Jay", "Max", True, "Max", id="safe-name-on-a-shared-phone"),
        pytest.param("Jayden", "Jay", None, False, None, id="no-name-on-a-shared-phone"),
        pytest.param("Jayden", "Jay", "Max", False, None, id="nobody-may-be-named"),
        pytest.param("Mary Elizabeth Anne", None, None, True, "Mary", id="first-of-several"),
        pytest.param("Wolfeschlegelsteinhausen", None, None, True, None, id="too-long"),
        pytest.param("  Jo\n Ann ", None, None, True, "Jo Ann", id="spaces-tidied"),
        pytest.param("-", None, None, True, None, id="no-letters"),
        pytest.param("أميرة", None, None, True, "أميرة", id="arabic"),
    ],
)
def test_addressed_as(
    first: str, preferred: str | None, safe: str | None, may_name: bool, name: str | None
) -> None:
    assert addressed_as(first, preferred, safe, may_name=may_name) == name


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("Jay", "Whitlock", "J.W."),
        ("jay", "", "J."),
        ("Élodie", "o'Shea", "É.O."),
        ("", "", "?"),
        ("'", "Ng", "N."),
    ],
)
def test_initials(first: str, last: str, shown: str) -> None:
    assert initials(first, last) == shown
