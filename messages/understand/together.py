"""Texts that came within 30 seconds, read as one: "kill my" and "self"."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, permutations

from messages.understand.decide import understand
from messages.understanding import Context, Intent, Understanding

#: Up to this many parts are tried in every order (6): carriers reorder the parts of one long text.
_MOST_REORDERED = 3
_SERIOUS = {Intent.CRISIS: 3, Intent.SAFEGUARDING: 2}


def read_together(
    parts: Sequence[str],
    context: Context,
    *,
    staff_names: frozenset[str] = frozenset(),
    explain: bool = True,
) -> Understanding:
    """The most serious reading of the parts, joined and singly; wishes and dangers of all of them.

    Never less serious than any one part. Parts in the order of arrival; none at all reads as "".
    """

    def read(text: str, *, explain: bool = False) -> tuple[str, Understanding]:
        return text, understand(text, context, staff_names=staff_names, explain=explain)

    if len(parts) <= 1:
        return read(parts[0] if parts else "", explain=explain)[1]

    joined, singly = read(" ".join(parts)), [read(part) for part in parts]
    readings = [joined, *singly]
    if not any(u.urgent for _, u in readings) and len(parts) <= _MOST_REORDERED:
        orders = (read(" ".join(order)) for order in islice(permutations(parts), 1, None))
        readings += islice((each for each in orders if each[1].urgent), 1)
    chief, _ = max(readings, key=lambda each: _seriousness(each[1]))
    merged = _merged([u for _, u in readings], answers=[u for _, u in singly])
    return replace(merged, why=read(chief, explain=True)[1].why) if explain else merged


def _seriousness(read: Understanding) -> tuple[bool, int, bool]:
    return read.urgent, _SERIOUS.get(read.intent, 0), read.opt_out


def _merged(readings: Sequence[Understanding], *, answers: Sequence[Understanding]) -> Understanding:
    """The most serious reading, with what the others add. On a tie the whole goes before its parts."""
    chief = max(readings, key=_seriousness)
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
