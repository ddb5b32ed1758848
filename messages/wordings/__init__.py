"""What the service says, per language, as data: loaded and checked whole at start."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from messages.channel import Button
from messages.errors import KitError
from messages.wordings.book import Book, read_book
from messages.wordings.checks import faults
from messages.wordings.helplines import Helpline, load_helplines
from messages.wordings.keys import PhraseKey, Placeholder, WordingKey
from messages.wordings.template import Template, TemplateError
from messages.wordings.terms import LONGEST, TERMS, WordingTerms

__all__ = [
    "LONGEST",
    "TERMS",
    "Book",
    "Helpline",
    "PhraseKey",
    "Placeholder",
    "Rendered",
    "TopicReview",
    "WordingError",
    "WordingKey",
    "WordingTerms",
    "Wordings",
]

_FOLDER = Path(__file__).parent
_LANGUAGE_FILE = re.compile(r"[a-z]{2,3}\.toml")
_WITH_BUTTONS = frozenset(
    {
        WordingKey.CHECK_IN,
        WordingKey.CHECK_IN_NO_NAME,
        WordingKey.CHECK_IN_BUTTONS,
        WordingKey.NUDGE,
        WordingKey.NUDGE_NO_NAME,
        WordingKey.NUDGE_BUTTONS,
    }
)


class WordingError(KitError):
    """The wordings cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text ready to queue. ``language`` is the one it is in: English where the wished one lacks it."""

    text: str
    language: str
    key: WordingKey
    variant: int

    @property
    def wording(self) -> str:
        """What is kept beside the text: ``check_in/en/2``."""
        return f"{self.key}/{self.language}/{self.variant}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReview:
    language: str
    key: WordingKey
    review_by: date


class Wordings:
    """All languages. Holds no state that changes: one for the whole process."""

    def __init__(self, books: dict[str, Book], helplines: tuple[Helpline, ...]) -> None:
        self._books = books
        self._helplines = helplines
        self._numbers = {helpline.key: helpline.number for helpline in helplines}

    @classmethod
    def load(cls, folder: Path = _FOLDER) -> "Wordings":
        """Read and check every language; :class:`WordingError` names all faults at once."""
        helplines = load_helplines(folder)
        numbers = {helpline.key: helpline.number for helpline in helplines}
        books: dict[str, Book] = {}
        wrong: list[str] = []
        for path in sorted(path for path in folder.glob("*.toml") if _LANGUAGE_FILE.fullmatch(path.name)):
            try:
                book, found = read_book(path, helplines=numbers)
            except ValueError as error:
                wrong.append(f"{path.name} or its topics cannot be read: {error}")
            else:
                books[book.language] = book
                wrong += found
        if "en" not in books:
            wrong.append("There is no English to fall back to.")
        if wrong:
            raise WordingError("The wordings cannot be used:\n" + "\n".join(wrong))
        return cls(books, helplines)

    @property
    def languages(self) -> tuple[Book, ...]:
        return tuple(self._books.values())

    def render(self, key: WordingKey, language: str, *, variant: int, **placeholders: str) -> Rendered:
        """One text. ``variant`` may be any number: they go round. Empty values leave out their clause.

        Values that this text has no place for are passed over, so a caller may give all it knows. Raises
        :class:`WordingError` for one that no text knows, and for one that this text needs and lacks.

        For somebody in danger the English follows a draft that nobody has checked: a slip in it must not
        be all that they read.
        """
        book, english = self._book_with(key, language), self._books["en"]
        place = variant % len(book.texts[key])
        text = self._fill(book, key, place, placeholders)
        if TERMS[key].crisis and not book.checked and book is not english:
            text = f"{text}\n\n{self._fill(english, key, variant, placeholders)}"
        return Rendered(text=text, language=book.language, key=key, variant=place)

    def variants(self, key: WordingKey, language: str) -> int:
        return len(self._book_with(key, language).texts[key])

    def buttons(self, key: WordingKey, language: str) -> tuple[Button, ...]:
        """The four answers under a check-in or nudge, in the language its text comes out in."""
        return self._book_with(key, language).buttons if key in _WITH_BUTTONS else ()

    def phrase(self, key: PhraseKey, language: str) -> str:
        """A piece for a placeholder. Ask in ``Rendered.language`` where a text may fall back."""
        return self._book(language).phrases[key]

    def direction(self, language: str) -> Literal["ltr", "rtl"]:
        return self._book(language).direction

    def faults(self, key: WordingKey, text: str, language: str) -> list[str]:
        """What is wrong with a wording that somebody wants to use instead; empty when it may go."""
        try:
            template = Template.parse(text)
        except TemplateError as error:
            return [str(error)]
        return list(faults(key, template, language, helplines=self._numbers))

    def topics_due(self, today: date) -> tuple[TopicReview, ...]:
        """Topic answers that nobody has read again in time."""
        return tuple(
            TopicReview(language=book.language, key=key, review_by=review_by)
            for book in self.languages
            for key, review_by in book.review_by.items()
            if review_by < today
        )

    def helplines_due(self, today: date) -> tuple[Helpline, ...]:
        """Numbers never checked, or not in the last twelve months: ``kit check`` names them."""
        return tuple(helpline for helpline in self._helplines if helpline.overdue(today))

    def unchecked(self) -> tuple[Book, ...]:
        """Languages drafted by machine that no native speaker has read."""
        return tuple(book for book in self.languages if not book.checked)

    def _fill(self, book: Book, key: WordingKey, variant: int, placeholders: dict[str, str]) -> str:
        template = book.texts[key][variant % len(book.texts[key])]
        _check_values(key, template, placeholders)
        values = placeholders | self._numbers
        if book.direction == "rtl":
            telephones = values.keys() & {*self._numbers, Placeholder.OUT_OF_HOURS}
            values |= {slot: _left_to_right(values[slot]) for slot in telephones}
        return template.fill(values)

    def _book(self, language: str) -> Book:
        """``ar-SY`` is read as ``ar``; a language without a book as English."""
        return self._books.get(language.lower().replace("_", "-").split("-")[0], self._books["en"])

    def _book_with(self, key: WordingKey, language: str) -> Book:
        book = self._book(language)
        return book if key in book.texts else self._books["en"]


def _left_to_right(number: str) -> str:
    """A telephone number for right-to-left text, which would show its groups last first: 123 116."""
    return f"\u200e{number}" if len(number.split()) > 1 else number


def _check_values(key: WordingKey, template: Template, values: dict[str, str]) -> None:
    terms = TERMS[key]
    unknown = sorted(set(values) - set(Placeholder))
    if unknown:
        raise WordingError(f"{key} has no {', '.join(unknown)}")
    lacking = sorted(slot for slot in terms.needs & template.needed if not values.get(slot, "").strip())
    if lacking:
        raise WordingError(f"{key} needs {', '.join(lacking)}")
