"""An understanding as ``kit understand`` prints it: one JSON object, outsiders rely on its words."""

from typing import Any

from messages.understanding import Detail, Understanding


def as_json(understanding: Understanding, *, id: str | None = None) -> dict[str, Any]:
    """The fields of INTERFACES, ``id`` first when given; enums as their values."""
    printed: dict[str, Any] = {} if id is None else {"id": id}
    return printed | {
        "intent": understanding.intent.value,
        "urgent": understanding.urgent,
        "opt_out": understanding.opt_out,
        "mood": understanding.mood,
        "needs": [need.value for need in understanding.needs],
        "answer": understanding.answer,
        "detail": _detail(understanding.detail),
        "why": list(understanding.why),
        "confidence": round(understanding.confidence, 2),
    }


def _detail(detail: Detail) -> dict[str, Any]:
    return {
        "dangers": sorted(danger.value for danger in detail.dangers),
        "about_staff": detail.about_staff.value if detail.about_staff else None,
        "about": sorted(detail.about),
        "wishes": [wish.value for wish in detail.wishes],
        "topic": detail.topic.value if detail.topic else None,
        "when": detail.when,
        "pause_days": detail.pause_days,
        "rough_sleeping": detail.rough_sleeping,
        "machine": detail.machine,
        "bare": detail.bare,
        "language": detail.language,
    }
