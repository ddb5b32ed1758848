"""Texts that came within 30 seconds, read as one: "kill my" and "self"."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from messages.understand.decide import understand
from messages.understanding import Context, Intent, Understanding

#: Up to this many parts are tried in every order (24); carriers reorder the parts of one long text.
_MOST_REORDERED = 4
_SERIOUS = {Intent.CRISIS: 3, Intent.SAFEGUARDING: 2}


def read_together(
    parts: Sequence[str], context: Context, *, staff_names: frozenset[str] = frozenset()
) -> Understanding:
    """The most serious reading of the parts, joined and singly; wishes and dangers of all of them.

    Never less serious than any one part. Parts in the order of arrival; none at all reads as "".
    """
    if len(parts) <= 1:
        return understand(parts[0] if parts else "", context, staff_names=staff_names)
    joined = understand(" ".join(parts), context, staff_names=staff_names)
    singly = [understand(part, context, staff_names=staff_names) for part in parts]
    reordered: list[Understanding] = []
    if not any(u.urgent for u in (joined, *singly)) and len(parts) <= _MOST_REORDERED:
        orders = [" ".join(order) for order in permutations(parts)][1:]
        reordered = [u for o in orders if (u := understand(o, context, staff_names=staff_names)).urgent]
    return _merged([joined, *singly, *reordered[:1]], answers=singly)


def _merged(readings: Sequence[Understanding], *, answers: Sequence[Understanding]) -> Understanding:
    """The most serious reading, with what the others add. On a tie the whole goes before its parts."""
    chief = max(readings, key=lambda u: (u.urgent, _SERIOUS.get(u.intent, 0), u.opt_out))
    firm = [u.detail for u in readings]
    detail = replace(
        chief.detail,
        dangers=frozenset().union(*(d.dangers for d in firm)),
        about_staff=next((d.about_staff for d in (chief.detail, *firm) if d.about_staff), None),
        about=frozenset().union(*(d.about for d in firm)),
        wishes=tuple(dict.fromkeys(wish for d in firm for wish in d.wishes)),
        topic=next((d.topic for d in firm if d.topic), None),
        when=next((d.when for d in firm if d.when), None),
        pause_days=next((d.pause_days for d in firm if d.pause_days), None),
        rough_sleeping=any(d.rough_sleeping for d in firm),
        machine=all(d.machine for d in firm),
        bare=all(u.detail.bare for u in answers),
    )
    return replace(
        chief,
        opt_out=any(u.opt_out for u in answers) or chief.opt_out,
        answer=chief.answer or next((u.answer for u in answers if u.answer), None),
        detail=detail,
        needs=chief.needs,
    )
