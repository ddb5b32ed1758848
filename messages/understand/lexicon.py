"""The word lists of this folder, read once and compiled."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from messages.cleaning import for_rules
from messages.understand.patterns import Found, Matcher
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
Hits = dict[str, list[Found]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    spelling: Spelling
    wishes: Matcher
    #: Ways of answering; read in answer to a question only.
    answers: Matcher
    #: What a text touches on, and where somebody sleeps.
    topics: Matcher
    #: First names that the lists know.
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
    files_ = {name: _load(name) for name in ("answers", "needs", "places", "signs", "wishes")}
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
        wishes=Matcher(p for p in phrases if p.label.startswith("wishes/")),
        answers=Matcher(p for p in phrases if p.label.startswith("answers/")),
        topics=Matcher(p for p in phrases if p.label.startswith(("needs/", "places/"))),
        given_names=frozenset(classes["name"].split()),
        words=files_,
    )


def hits_of(matcher: Matcher, reading: Reading) -> Hits:
    """What a matcher finds, by label."""
    hits: Hits = {}
    for found in matcher.find(reading.words, reading.fresh):
        hits.setdefault(found.label, []).append(found)
    return hits


def _labelled(files_: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every phrase of every file as (``file/section``, text)."""
    for wish, texts in files_["wishes"]["said"].items():
        yield from ((f"wishes/{wish}", text) for text in texts)
    for file in ("answers", "needs", "places"):
        for section, lists in files_[file].items():
            yield from ((f"{file}/{section}", text) for text in lists.get("phrases", ()))
    for lists in _folder("languages"):
        for wish, texts in lists.items():
            yield from ((f"wishes/{wish}", for_rules(text)) for text in texts)


def _folder(name: str) -> Iterator[dict[str, Any]]:
    """The lists of each file of a folder."""
    for entry in sorted(files(__package__).joinpath(name).iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            yield tomllib.loads(entry.read_text("utf-8"))


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
