"""Words cut into pieces: the longest that are known, and never anything lost but what is unknown."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messages.understand.wordpieces import WordPieces

_PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "[UNK]",
    "i",
    "can",
    "##t",
    "##not",
    "cannot",
    "##s",
    "!",
    "night",
    "##ly",
    "'",
)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    file: Path = tmp_path_factory.mktemp("pieces") / "pieces.txt"
    file.write_text("".join(f"{piece}\n" for piece in _PIECES), "utf-8")
    return WordPieces(file, unknown=3)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("i cant", ["i", "can", "##t"]),
        ("cannot", ["cannot"]),
        ("nightly!", ["night", "##ly", "!"]),
        ("càn", ["can"]),
        ("canx i", ["[UNK]", "i"]),
        ("i_i", ["i", "[UNK]", "i"]),
        ("can" + "t" * 38, ["can", *["##t"] * 37, "[UNK]"]),
        ("", []),
    ],
)
def test_the_longest_known_pieces_are_taken(pieces: WordPieces, text: str, cut: list[str]) -> None:
    assert [_PIECES[number] for number in pieces.encode(text)] == cut


@given(st.text(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_cut(pieces: WordPieces, text: str) -> None:
    assert all(0 <= number < len(_PIECES) for number in pieces.encode(text))
