"""Reading a text with the parts just before it, without doing twice what those already brought about.

"im going to kill my" and "self" are dangerous only together; "LESS" and "thanks" must not lower the
rhythm twice. So the whole is read, and from it is taken what this text says itself or what only the
whole says; what the earlier parts already said was acted upon when they came.
"""

from collections.abc import Sequence
from dataclasses import replace

from messages.understand import understand
from messages.understand.together import read_together
from messages.understanding import Context, Understanding


def read_with_parts(
    earlier: Sequence[str], text: str, context: Context, *, staff_names: frozenset[str]
) -> Understanding:
    """What ``text`` adds to the ``earlier`` parts (oldest first)."""
    alone = understand(text, context, staff_names=staff_names)
    if not earlier:
        return alone
    before = read_together(earlier, context, staff_names=staff_names, explain=False)
    whole = read_together([*earlier, text], context, staff_names=staff_names)
    return _fresh(whole, before, alone)


def _fresh(whole: Understanding, before: Understanding, alone: Understanding) -> Understanding:
    done, own = before.detail, alone.detail
    detail = replace(
        whole.detail,
        dangers=whole.detail.dangers - (done.dangers - own.dangers),
        about_staff=own.about_staff or (None if done.about_staff else whole.detail.about_staff),
        wishes=tuple(wish for wish in whole.detail.wishes if wish in own.wishes or wish not in done.wishes),
        rough_sleeping=own.rough_sleeping or (whole.detail.rough_sleeping and not done.rough_sleeping),
        machine=own.machine,
        topic=own.topic or whole.detail.topic,
        when=own.when or whole.detail.when,
        pause_days=own.pause_days or whole.detail.pause_days,
        about=own.about or whole.detail.about,
        bare=own.bare,
    )
    new = detail.dangers - done.dangers
    urgent = alone.urgent or (whole.urgent and (bool(new) or not before.urgent))
    opt_out = alone.opt_out or (whole.opt_out and not before.opt_out)
    ours = urgent == whole.urgent and opt_out == whole.opt_out
    return replace(whole if ours else alone, urgent=urgent, opt_out=opt_out, detail=detail)
