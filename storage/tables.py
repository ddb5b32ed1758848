"""Every mapped class in one import, for migrations and tests that need the whole schema."""

from storage import (
    addresses,
    alerts,
    audit,
    check_ins,
    contacts,
    imports,
    inbound,
    markers,
    outbound,
    people,
    plans,
    staff,
)
from storage.base import Base

__all__ = [
    "Base",
    "addresses",
    "alerts",
    "audit",
    "check_ins",
    "contacts",
    "imports",
    "inbound",
    "markers",
    "outbound",
    "people",
    "plans",
    "staff",
]
