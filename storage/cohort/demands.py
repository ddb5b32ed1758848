"""What a row must bring, given what the database holds: staff who exist, and all that a new person needs."""

from collections import defaultdict
from collections.abc import Iterable

from storage.cohort.entries import Entry
from storage.cohort.findings import Finding
from storage.cohort.headings import NEEDED, Headings
from storage.cohort.known import Known
from storage.people import AllocationRole, Person
from storage.staff import Role

_ADVISERS = (Role.ADVISER, Role.DUTY, Role.MANAGER)


class Demands:
    """Judges entries one by one, and tells once of a column that is missing for many."""

    def __init__(self, known: Known, headings: Headings) -> None:
        self._known = known
        self._headings = headings
        self._faults: list[Finding] = []
        self._without: defaultdict[str, int] = defaultdict(int)

    def met(self, entry: Entry) -> bool:
        person = self._known.people.get(entry.person_id)
        wrong = [*self._staff(entry), *self._enrolment(entry, person)]
        missing = [] if person else [column for column in NEEDED if getattr(entry, column) is None]
        for column in missing:
            if column in self._headings:
                words = "Empty: somebody new cannot be added without it."
                wrong.append(Finding(row=entry.row, column=column, words=words))
            else:
                self._without[column] += 1
        self._faults += wrong
        return not wrong and not missing

    def look_over(self, spoilt: Iterable[Entry]) -> None:
        """Tell of unknown staff in rows with other faults too: every bad cell is told at once."""
        self._faults += [finding for entry in spoilt for finding in self._staff(entry)]

    def faults(self) -> list[Finding]:
        absent = [
            Finding(
                row=self._headings.row,
                column=column,
                words=f"This column is missing, and {count} new people cannot be added without it.",
            )
            for column, count in self._without.items()
        ]
        return absent + self._faults

    def _staff(self, entry: Entry) -> Iterable[Finding]:
        for column, advises in (("adviser_email", True), ("social_worker_email", False)):
            email = getattr(entry, column)
            member = self._known.staff.get(email) if email else None
            words = ""
            if email and member is None:
                extra = "" if advises else " --social-worker"
                words = (
                    "Nobody on the staff has this e-mail address. Check the spelling, or add them first: "
                    f"kit staff add EMAIL --name NAME --role adviser{extra}"
                )
            elif member and member.disabled_at is not None:
                words = "This member of staff has left: name somebody else."
            elif member and advises and member.role not in _ADVISERS:
                words = "This account is not an adviser's, a duty worker's or a manager's: name one that is."
            if words:
                yield Finding(row=entry.row, column=column, words=words)

    def _enrolment(self, entry: Entry, person: Person | None) -> Iterable[Finding]:
        """An adviser and a number: without them the declaration cannot have been made."""
        if entry.enrolled_on is None:
            return
        has_adviser = person and (person.id, AllocationRole.ADVISER) in self._known.allocated
        if not (entry.adviser_email or has_adviser):
            words = "Somebody enrolled needs an adviser: fill this in, or leave enrolled_on empty."
            yield Finding(row=entry.row, column="adviser_email", words=words)
        if not (entry.mobile or (person and self._known.mobiles.get(person.id))):
            words = "Somebody enrolled needs a mobile: fill this in, or leave enrolled_on empty."
            yield Finding(row=entry.row, column="mobile", words=words)
