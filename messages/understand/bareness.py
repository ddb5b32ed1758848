"""Whether a text is nothing but the answer that was read from it."""

from functools import cache

from messages.understand.lexicon import lexicon
from messages.understand.reading import Reading
from messages.understand.wishes import WishesRead
from messages.understanding import Wish


@cache
def _plain_words() -> frozenset[str]:
    lists = lexicon()
    counted = {*lists.whole_words("answers", "digit_words"), *lists.whole_words("answers", "yesno")}
    return lists.word_set("answers", "bare", "words") | counted


def is_bare(reading: Reading, wishes: WishesRead) -> bool:
    """Only digits, keywords, signs, moods and politeness; a wish in a phrase counts as read.

    False for an empty text: nothing was read from it.
    """
    if not reading.words:
        return bool(reading.emoji or reading.laughing or reading.glad_face or reading.sad_face)
    if wishes.alone:
        return True
    read = {place for f in wishes.found for place in range(f.start, f.end)}
    also = _extra_words(wishes)
    return all(
        place in read or word in _plain_words() or word in also or word.isdigit()
        for place, word in enumerate(reading.words)
    )


def _extra_words(wishes: WishesRead) -> frozenset[str]:
    """The words of a length of a pause, or of a time to call, that were read with the wish."""
    lists = lexicon()
    if Wish.PAUSE in wishes.wishes:
        units = {*lists.whole_words("wishes", "units"), *lists.whole_words("wishes", "numbers")}
        return frozenset(units | {"pause", "for"})
    if wishes.when is not None:
        return lists.word_set("wishes", "when", "core") | lists.word_set("wishes", "when", "around")
    return frozenset()
