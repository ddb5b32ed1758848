"""Plain ways of reading a text, to see what the service's own reading is worth."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tools.understanding.texts import Labelled

#: What a first keyword list would hold.
_KEYWORDS = re.compile(
    r"\b(suicid\w*|kill(ing)? (myself|me)|kms|die|dying|dead|self ?harm|overdos\w*|end it|cut(ting)? myself|"
    r"hurt\w*|abus\w*|rape\w*|hit me|threat\w*|scared|danger|homeless|evict\w*|starv\w*|no food|arrest\w*|"
    r"police|help)\b",
    re.IGNORECASE,
)
_STOP = re.compile(r"\bstop\b", re.IGNORECASE)
#: The carrier's own rule: one of these words alone (Twilio, "Advanced Opt-Out").
_CARRIER = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
#: VADER's own bound between neutral and negative is -0.05; a clearly negative text lies below this.
_NEGATIVE = -0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """What a baseline says."""

    urgent: bool
    opt_out: bool


def keywords(text: Labelled) -> Plain:
    return Plain(urgent=bool(_KEYWORDS.search(text.text)), opt_out=bool(_STOP.search(text.text)))


def carrier(text: Labelled) -> Plain:
    return Plain(urgent=False, opt_out=text.text.strip().casefold() in _CARRIER)


def vader() -> Callable[[Labelled], Plain]:
    """Sentiment by VADER (Hutto and Gilbert 2014): a strongly negative text is called urgent."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()

    def read(text: Labelled) -> Plain:
        return Plain(urgent=analyzer.polarity_scores(text.text)["compound"] < _NEGATIVE, opt_out=False)

    return read


def every() -> Mapping[str, Callable[[Labelled], Plain]]:
    return {"keyword list": keywords, "VADER": vader(), "carrier's rule": carrier}
