"""Which language a text is in, and whether it is one that is read here."""

import unicodedata
from collections import Counter

from messages.understand.heads import OTHER_LANGUAGE
from messages.understand.trained import Scores

_READ_SCRIPTS = ("LATIN", "ARABIC", "CYRILLIC", "ETHIOPIC")


def read_language(scores: Scores, text: str) -> str | None:
    """ISO 639 code of the language; None for one that is not read here. Signs and digits are English."""
    letters = [c for c in text[:2000] if c.isalpha()]
    if not letters:
        return "en"
    script = Counter(unicodedata.name(c, "").split(" ")[0] for c in letters).most_common(1)[0][0]
    if script not in _READ_SCRIPTS:
        return None
    likeliest = scores.best("language")
    return None if likeliest == OTHER_LANGUAGE else likeliest
