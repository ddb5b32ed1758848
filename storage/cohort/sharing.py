"""Numbers that several people have, in the file or in the database: allowed, told, and marked as shared."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storage.addresses import Address
from storage.cohort.findings import Finding
from storage.cohort.known import Known

if TYPE_CHECKING:
    from storage.cohort.planning import Intent

_WORDS = "Somebody else has this number too: it is marked as shared, and texts to it carry no name."


def find(intents: Sequence["Intent"], known: Known, notes: list[Finding]) -> None:
    """Fill in who shares a number with whom. Only a number that arrives changes anything."""
    by_number: defaultdict[str, list[Intent]] = defaultdict(list)
    for intent in intents:
        if intent.entry.mobile:
            by_number[intent.entry.mobile].append(intent)
    ending = {address.id for intent in intents if "mobile" in intent.columns for address in intent.mobiles}
    for number, named in by_number.items():
        staying = [address for address in known.holders.get(number, []) if address.id not in ending]
        _mark(named, staying, notes)


def _mark(named: Sequence["Intent"], staying: Sequence[Address], notes: list[Finding]) -> None:
    arriving = [intent for intent in named if "mobile" in intent.columns]
    owners = {address.person_id for address in staying}
    if len(arriving) + len(owners) < 2:
        return
    notes += [
        Finding(row=intent.entry.row, column="mobile", words=_WORDS)
        for intent in named
        if "mobile" in intent.columns or (intent.person and intent.person.id in owners)
    ]
    for intent in arriving:
        intent.shared = True
    if arriving:
        arriving[0].shared_with = [address for address in staying if not address.shared]
