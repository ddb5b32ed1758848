"""One language's wordings, read from its files. Faults are gathered, not raised, so that all are told."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from messages.channel import Button
from messages.discretion import languages as languages_with_giveaways
from messages.understanding import Topic
from messages.wordings.checks import faults
from messages.wordings.keys import PhraseKey, WordingKey
from messages.wordings.template import Template, TemplateError
from messages.wordings.terms import TERMS

#: The digits that the four answers send, on a button as in a text.
_ANSWERS = ("1", "2", "3", "4")


class _BookFile(BaseModel):
    """``en.toml``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    language: str
    name: str
    direction: Literal["ltr", "rtl"]
    checked: bool
    buttons: list[str]
    phrases: dict[str, str]
    texts: dict[str, list[str]]


class _TopicEntry(BaseModel):
    """One answer of ``topics_en.toml``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: str
    review_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    #: ISO 639-1.
    language: str
    #: As its readers call it.
    name: str
    direction: Literal["ltr", "rtl"]
    #: False: drafted by machine and read by nobody who knows the language.
    checked: bool
    texts: dict[WordingKey, tuple[Template, ...]]
    phrases: dict[PhraseKey, str]
    buttons: tuple[Button, ...]
    #: When somebody should read a topic's answer again.
    review_by: dict[WordingKey, date]


def read_book(path: Path, *, helplines: Mapping[str, str]) -> tuple[Book, list[str]]:
    """A language's file with the topic library beside it, and everything that is wrong with them.

    A file that cannot be read at all raises ``ValueError``, TOML's and pydantic's errors among them.
    """
    data = _BookFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    topics = _topics(path.with_name(f"topics_{path.name}"))
    wrong: list[str] = []
    listed = data.texts | {key.value: [entry.text] for key, entry in topics.items()}
    book = Book(
        language=data.language,
        name=data.name,
        direction=data.direction,
        checked=data.checked,
        texts=dict(_texts(listed, wrong)),
        phrases={PhraseKey(key): words for key, words in data.phrases.items()},
        buttons=tuple(
            Button(label=label, value=value) for label, value in zip(data.buttons, _ANSWERS, strict=True)
        ),
        review_by={key: entry.review_by for key, entry in topics.items()},
    )
    wrong += _book_faults(book, helplines)
    return book, [f"{path.stem}: {fault}" for fault in wrong]


def _topics(path: Path) -> dict[WordingKey, _TopicEntry]:
    if not path.exists():
        return {}
    return {
        WordingKey(f"topic_{Topic(topic)}"): _TopicEntry.model_validate(entry)
        for topic, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def _texts(
    listed: Mapping[str, list[str]], wrong: list[str]
) -> Iterator[tuple[WordingKey, tuple[Template, ...]]]:
    for name, variants in listed.items():
        if name not in set(WordingKey):
            wrong.append(f"{name} is no text that the service sends")
            continue
        try:
            yield WordingKey(name), tuple(map(Template.parse, variants))
        except TemplateError as error:
            wrong.append(f"{name}: {error}")


def _book_faults(book: Book, helplines: Mapping[str, str]) -> Iterator[str]:
    for key, templates in book.texts.items():
        for place, template in enumerate(templates, start=1):
            for fault in faults(key, template, book.language, helplines=helplines):
                yield f"{key}, variant {place}: {fault}"
        if len({" ".join(template.source.casefold().split()) for template in templates}) < len(templates):
            yield f"{key}: two variants are the same"
    for phrase in set(PhraseKey) - set(book.phrases):
        yield f"the phrase {phrase} is missing"
    if book.language not in languages_with_giveaways():
        yield "giveaways.toml has no list for this language"
    if book.language == "en":
        yield from _completeness(book)


def _completeness(book: Book) -> Iterator[str]:
    """English is what every other language falls back to."""
    for key, terms in TERMS.items():
        have = len(book.texts.get(key, ()))
        if have < terms.least_variants:
            yield f"{key}: {have} of {terms.least_variants} variants"
