"""Why something automatic does not go to somebody, as a code for exports and in words for staff."""

from enum import StrEnum


class Hold(StrEnum):
    NOT_ENROLLED = "not_enrolled"
    CLOSED = "closed"
    PAUSED = "paused"
    CUSTODY = "custody"
    #: Out of custody, and nobody has re-confirmed the number.
    RELEASED = "released"
    MISSING = "missing"
    HOSPITAL = "hospital"
    DEATH_REPORTED = "death_reported"
    DIED = "died"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    ENDED_ADDRESS = "ended_address"
    OPTED_OUT = "opted_out"
    #: An alert ``now`` is open, or was closed less than 48 hours ago.
    ALERT_NOW = "alert_now"
    CEILING = "ceiling"
    GAVE_WAY = "gave_way"
    WINDOW = "window"
    STALE = "skipped_stale"
    ANSWERED = "answered"
    #: A later check-in was asked while this one still waited.
    SUPERSEDED = "superseded"
    NOT_SENT = "not_sent"
    #: Not answered, but they were spoken with or seen since they were asked.
    IN_TOUCH = "in_touch"
    STAFF_PHONE = "staff_phone"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Hold.NOT_ENROLLED: "not enrolled",
    Hold.CLOSED: "no longer with us",
    Hold.PAUSED: "texts are paused",
    Hold.CUSTODY: "in custody",
    Hold.RELEASED: "released: the number has not been re-confirmed",
    Hold.MISSING: "missing",
    Hold.HOSPITAL: "in hospital: texts stopped",
    Hold.DEATH_REPORTED: "a death was reported",
    Hold.DIED: "has died",
    Hold.NO_ADDRESS: "no address that may be texted",
    Hold.BAD_ADDRESS: "the address does not work or is in doubt",
    Hold.ENDED_ADDRESS: "the address has ended",
    Hold.OPTED_OUT: "stopped the texts",
    Hold.ALERT_NOW: "an alert that cannot wait is open, or was closed less than 48 hours ago",
    Hold.CEILING: "enough texts this week",
    Hold.GAVE_WAY: "gave way to a more important text",
    Hold.WINDOW: "outside the hours for texts",
    Hold.STALE: "too late to be worth sending",
    Hold.ANSWERED: "answered already",
    Hold.SUPERSEDED: "a later check-in was asked",
    Hold.NOT_SENT: "the text never left",
    Hold.IN_TOUCH: "in touch since",
    Hold.STAFF_PHONE: "this phone cannot be alerted",
}
