"""The words around an answer that tell what it is: lists of ``answers.toml``."""

from functools import cache

from messages.understand.lexicon import lexicon


@cache
def words(key: str) -> frozenset[str]:
    """A list of plain words out of ``[around]`` of the answers."""
    listed = lexicon().words["answers"]["around"][key].split()
    return lexicon().word_set("answers", "around", key) | frozenset(listed)


@cache
def spelled(section: str) -> dict[str, str]:
    return lexicon().whole_words("answers", section)
