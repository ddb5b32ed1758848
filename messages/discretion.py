"""Would this give somebody away on a lock screen? The lists are data: ``wordings/giveaways.toml``."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import contains
from pathlib import Path
from urllib.parse import unquote

from messages.cleaning import for_rules

_LISTS = Path(__file__).parent / "wordings" / "giveaways.toml"
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"'s\b")
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Giveaways:
    """One language's list: phrases, each the words of it, by their first word. Equal to itself alone."""

    phrases: dict[str, tuple[tuple[str, ...], ...]]
    prefixes: tuple[str, ...]
    endings: tuple[str, ...]
    #: English phrases that are everyday words of this language.
    ordinary: frozenset[str]


def gives_away(text: str, language: str) -> list[str]:
    """The phrases of ``text`` that would give its reader away, links included; empty when it may go.

    English phrases count in every language, but for those that mean something else in it ("care" is Romanian
    for "which"); a language without a list has only those.
    """
    words = _words(_LINK.sub(" ", text))
    lists = _lists()
    own = lists.get(language, lists["en"])
    found = [phrase for phrase in _found(words, lists["en"]) if phrase not in own.ordinary]
    found += _found(words, own)
    found += [part for link in _LINK.findall(text) for part in link_gives_away(link)]
    return list(dict.fromkeys(found))


def link_gives_away(url: str, *, title: str = "") -> list[str]:
    """The same for a link, all of which a lock screen shows, and the title a preview of its page shows."""
    parts, harmless = _link_parts()
    run_together = _squashed(f"{unquote(url)} {title}", harmless)
    phrases = _found(_words(title), _lists()["en"])
    return list(dict.fromkeys([*(part for part in parts if part in run_together), *phrases]))


def languages() -> frozenset[str]:
    """The languages that have a list."""
    return frozenset(_lists())


def _words(text: str) -> list[str]:
    return _WORD.findall(_POSSESSIVE.sub("", for_rules(text)))


@lru_cache(maxsize=10_000)
def _forms(word: str, giveaways: _Giveaways) -> frozenset[str]:
    """What a word of a text may be in the list: itself, or without a prefix or an ending."""
    prefixes = [prefix for prefix in ("", *giveaways.prefixes) if word.startswith(prefix)]
    endings = [ending for ending in ("", *giveaways.endings) if word.endswith(ending)]
    return frozenset(word[len(prefix) : len(word) - len(ending)] for prefix in prefixes for ending in endings)


def _found(words: list[str], giveaways: _Giveaways) -> Iterator[str]:
    forms = [_forms(word, giveaways) for word in words]
    for start, first_forms in enumerate(forms):
        for form in sorted(first_forms & giveaways.phrases.keys()):
            for phrase in giveaways.phrases[form]:
                following = forms[start : start + len(phrase)]
                if len(following) == len(phrase) and all(map(contains, following, phrase)):
                    yield " ".join(phrase)


def _squashed(text: str, harmless: tuple[str, ...]) -> str:
    run_together = re.sub(r"[\s_/-]+", "", for_rules(text))
    for word in harmless:
        run_together = run_together.replace(word, " ")
    return run_together


@cache
def _lists() -> dict[str, _Giveaways]:
    data = _data()
    return {
        language: _Giveaways(
            phrases=_by_first_word(tuple(_words(phrase)) for phrase in listed["words"]),
            prefixes=tuple(listed["prefixes"]),
            endings=tuple(listed["endings"]),
            ordinary=frozenset(listed.get("ordinary", ())),
        )
        for language, listed in data.items()
        if language != "links"
    }


def _by_first_word(phrases: Iterable[tuple[str, ...]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    grouped: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in dict.fromkeys(phrases):
        grouped[phrase[0]] = (*grouped.get(phrase[0], ()), phrase)
    return grouped


@cache
def _link_parts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    links = _data()["links"]
    return tuple(links["parts"]), tuple(links["harmless"])


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_LISTS.read_text(encoding="utf-8"))
