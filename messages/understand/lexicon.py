"""The word lists of this folder, read once and compiled."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from messages.cleaning import for_rules
from messages.understand.patterns import Found, Matcher, Phrase
from messages.understand.phrases import PhraseReader
from messages.understand.reading import Reading
from messages.understand.spelling import Spelling

#: Too frequent to look a phrase up by.
_COMMON = frozenset(
    [
        "i",
        "im",
        "me",
        "my",
        "a",
        "the",
        "to",
        "and",
        "of",
        "in",
        "on",
        "at",
        "it",
        "is",
        "was",
        "be",
        "you",
        "ur",
        "not",
        "no",
        "dont",
        "for",
        "with",
        "this",
        "that",
        "so",
        "up",
        "out",
        "he",
        "hes",
        "she",
        "they",
        "all",
        "have",
        "has",
        "had",
        "do",
        "are",
        "if",
        "what",
        "how",
        "can",
        "get",
        "got",
        "going",
        "want",
        "ive",
        "ill",
        "about",
        "from",
        "or",
        "as",
        "too",
        "some",
        "them",
        "his",
        "her",
        "their",
        "by",
        "been",
        "want",
        "need",
        "like",
        "your",
        "am",
        "there",
        "here",
        "him",
        "cant",
        "will",
        "would",
    ]
)
#: Sections of a language file that are dangers; the others are wishes, moods and greetings.
_DANGERS = frozenset(
    [
        "own_life",
        "medical",
        "other_person",
        "exploitation",
        "watched_phone",
        "arrest",
        "child",
        "destitute",
        "eviction",
        "third_party",
        "death",
    ]
)
_REST = ("wishes/", "machine/", "moods/", "needs/", "places/")
_MOODS = frozenset({"good", "ok", "low"})

Hits = dict[str, list[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    spelling: Spelling
    #: Danger, idioms and opt-out: looked for in the whole of a text.
    urgent: Matcher
    #: Everything else: looked for in what a text message can hold.
    rest: Matcher
    #: Ways of answering; read in answer to a question only.
    answers: Matcher
    #: About workers; read with names of staff put as "adviser".
    staff: Matcher
    #: First names that the lists know, besides those of staff.
    given_names: frozenset[str]
    #: The lists that are not phrases, by file and section, as words.
    words: Mapping[str, Mapping[str, Any]]

    def word_set(self, file: str, section: str, key: str) -> frozenset[str]:
        """A list of plain words, in the spelling that texts are read in."""
        return frozenset(self._each(self.words[file][section][key]))

    def whole_words(self, file: str, section: str) -> dict[str, str]:
        """Each listed word of a section and the key that it stands for."""
        keys = self.words[file][section]
        return {w: key for key in keys for w in self._each(keys[key])}

    def _each(self, words: str) -> Iterator[str]:
        """Word by word: what letters look like depends on the company they are in."""
        for word in words.split():
            yield from self.spelling.of_phrase(for_rules(word))


@cache
def lexicon() -> Lexicon:
    """Raises ``ValueError`` naming the phrase when a list cannot be read."""
    spelling = Spelling(_load("spelling"))
    files_ = {
        name: _load(name)
        for name in ("answers", "idioms", "wishes", "staff", "machine", "moods", "needs", "places")
    }
    classes = _load("classes")
    reader = PhraseReader(classes, _COMMON, lambda words: spelling.of_phrase(for_rules(words)))
    phrases = [p for label, text in _labelled(files_) for p in reader.read(label, text)]
    spelling.learn([word for phrase in phrases for e in phrase.elements for word in e.words])
    for section in files_["answers"].values():
        spelling.learn(
            [
                w
                for key in section
                if key not in ("phrases", "words")
                for word in section[key].split()
                for w in spelling.of_phrase(for_rules(word))
            ]
        )
    return Lexicon(
        spelling=spelling,
        urgent=_matcher(phrases, "danger/", "idioms/", "wishes/stop", "wishes/not_stop"),
        rest=_matcher(phrases, *_REST, but="wishes/stop"),
        answers=_matcher(phrases, "answers/"),
        staff=_matcher(phrases, "staff/"),
        given_names=frozenset(classes["name"].split()),
        words=files_,
    )


def hits_of(matcher: Matcher, reading: Reading, most: int | None = None) -> tuple[Hits, list[str]]:
    """What a matcher finds, by label, and the languages it was found in ("en" is not named)."""
    hits: Hits = {}
    languages: list[str] = []
    for found in matcher.find(reading.words[:most], reading.fresh[:most]):
        label, _, language = found.label.partition("@")
        hits.setdefault(label, []).append(found)
        if language:
            languages.append(language)
    return hits, languages


def _matcher(phrases: list[Phrase], *starts: str, but: str = "\n") -> Matcher:
    return Matcher(p for p in phrases if p.label.startswith(starts) and not p.label.startswith(but))


def _labelled(files_: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every phrase of every file as (``file/section[/key]``, text); languages add ``@xx``."""
    for _, area in _folder("danger"):
        yield from (("idioms/idiom", text) for text in area.pop("harmless", ()))
        for kind, lists in area.items():
            for key, texts in lists.items():
                yield from ((f"danger/{kind}/{key}", text) for text in texts)
    for wish, texts in files_["wishes"]["said"].items():
        yield from ((f"wishes/{wish}", text) for text in texts)
    for file in ("idioms", "staff", "machine", "moods", "needs", "answers", "places"):
        for section, lists in files_[file].items():
            yield from ((f"{file}/{section}", text) for text in lists.get("phrases", ()))
    for language, lists in _folder("languages"):
        yield from _of_language(language, lists)


def _of_language(language: str, lists: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for section, texts in lists.items():
        yield from ((f"{_section_label(section)}@{language}", for_rules(text)) for text in texts)


def _section_label(section: str) -> str:
    if section in _DANGERS:
        return f"danger/{section}/always"
    if section in _MOODS:
        return f"moods/{section}"
    if section == "idiom":
        return "idioms/idiom"
    if section in ("autoreply", "hello"):
        return f"machine/{section}"
    return f"wishes/{section}"


def _folder(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lists of a folder, by the names of its files."""
    for entry in sorted(files(__package__).joinpath(name).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            yield entry.name.removesuffix(".toml"), tomllib.loads(entry.read_text("utf-8"))


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
