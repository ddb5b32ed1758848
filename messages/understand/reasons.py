"""The words that decided, as they stand in a text."""

from messages.cleaning import for_rules
from messages.understand import trained
from messages.understand.patterns import Found
from messages.understand.reading import Reading, pieces
from messages.understanding import Context

_MOST_QUOTES = 5
_LONGEST_QUOTE = 120
#: A word counts when hiding it takes away at least this share of what hiding the weightiest takes.
_SHARE = 0.3


def quotes(reading: Reading, found: tuple[Found, ...]) -> tuple[str, ...]:
    """The words found, as they stand in the original, longest first; none twice or inside another."""
    spans = sorted({(f.start, f.end) for f in found}, key=lambda span: (span[0] - span[1], span[0]))
    kept: list[tuple[int, int]] = []
    for start, end in spans[:200]:
        if not any(a <= start and end <= b for a, b in kept):
            kept.append((start, end))
    return tuple(dict.fromkeys(reading.quote(*span)[:_LONGEST_QUOTE] for span in kept[:_MOST_QUOTES]))


def deciding_words(
    wording: str, reading: Reading, context: Context, head: str, label: str | None = None
) -> tuple[str, ...]:
    """The words without which the trained reader would be less sure, in the order of the text.

    ``wording``: the text as it was read, word for word that of ``reading``. One word between two that count
    is quoted with them. The whole text when no word counts for itself.
    """
    original = reading.original
    weights = trained.readers().weights(wording, context, head, label)
    places = [span for span, _ in pieces(original, for_rules(original))]
    heaviest = max(weights, default=0.0)
    if heaviest <= 0 or len(places) != len(weights):
        return (original.strip()[:_LONGEST_QUOTE],)
    counted = [place for place, weight in enumerate(weights) if weight >= _SHARE * heaviest]
    runs: list[tuple[int, int]] = []
    for place in counted:
        if runs and place - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    chosen = sorted(runs, key=lambda run: -sum(weights[run[0] : run[1] + 1]))[:_MOST_QUOTES]
    return tuple(
        dict.fromkeys(
            original[places[first][0] : places[last][1]][:_LONGEST_QUOTE] for first, last in sorted(chosen)
        )
    )
