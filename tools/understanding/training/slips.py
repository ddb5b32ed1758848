"""Typing slips, so that the reader learns to see through those it has not met."""

import random

#: The share of words that slip, where a text slips at all.
_WORDS = 0.15
_DISGUISES = {"a": "4", "e": "3", "i": "1", "o": "0", "s": "5"}


def slipped(text: str, chance: random.Random) -> str:
    """The text with a few words mistyped, as thumbs and hurry do it."""
    words = text.split(" ")
    return " ".join(_word(word, chance) if chance.random() < _WORDS else word for word in words)


def _word(word: str, chance: random.Random) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    place = chance.randrange(1, len(word) - 1)
    slip = chance.randrange(6)
    if slip == 0:
        return word[:place] + word[place + 1 :]
    if slip == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if slip == 2:
        return word[:place] + word[place] * chance.randrange(2, 4) + word[place + 1 :]
    if slip == 3:
        return word[0] + "".join(sign for sign in word[1:-1] if sign not in "aeiou") + word[-1]
    if slip == 4 and word.isascii():
        return word[:place] + _DISGUISES.get(word[place], word[place]) + word[place + 1 :]
    return word[:place] + chance.choice("etaoinshr") + word[place + 1 :] if word.isascii() else word
