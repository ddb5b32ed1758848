"""Every job of the clock, by name. A job is handed the services and the time, and returns its numbers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from scheduler import check_ins, escalation, lost_touch, settle, silence, unread, welcome
from scheduler.services import Services
from storage import markers

log = structlog.get_logger()

Numbers = dict[str, int]
HEARTBEAT = "heartbeat:worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    name: str
    run: Callable[[Services, datetime], Numbers]


#: In the order of one pass: what keeps people safe goes first.
JOBS = (
    Job(name="advance_alerts", run=escalation.advance_alerts),
    Job(name="settle_unknown", run=settle.settle_unknown),
    Job(name="age_unread", run=unread.age_unread),
    Job(name="send_welcomes", run=welcome.send_welcomes),
    Job(name="ask_check_ins", run=check_ins.ask_check_ins),
    Job(name="take_silence_steps", run=silence.take_silence_steps),
    Job(name="reconfirm_numbers", run=welcome.reconfirm_numbers),
    Job(name="follow_lost_touch", run=lost_touch.follow_lost_touch),
)


def run_all(services: Services, now: datetime, jobs: tuple[Job, ...] = JOBS) -> dict[str, Numbers]:
    """One pass. A job that fails is logged and does not stop the rest; then the heartbeat is written."""
    numbers = {job.name: _run(job, services, now) for job in jobs}
    with services.database.begin() as session:
        markers.put(session, HEARTBEAT, {}, now=now)
    return numbers


def _run(job: Job, services: Services, now: datetime) -> Numbers:
    started = time.perf_counter()
    try:
        numbers = job.run(services, now)
    except Exception as error:  # noqa: BLE001  (logged; the next pass tries again)
        log.error("job_failed", job=job.name, error=type(error).__name__)
        return {"failed": 1}
    if any(numbers.values()):
        log.info("job_done", job=job.name, seconds=round(time.perf_counter() - started, 3), **numbers)
    return numbers
