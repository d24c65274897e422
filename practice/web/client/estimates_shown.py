"""What the page of a session says of its costs in writing."""

from dataclasses import dataclass

from flask import g, url_for

from practice.db import db
from practice.models import Attendance, AttendanceStatus, Estimate
from practice.queries.estimates import given_estimate, waits_for_estimate
from practice.web.frame import the_facts


@dataclass(frozen=True, slots=True)
class EstimateOffer:
    """What a session's page says of its costs in writing: ``href`` leads to an estimate, ``ask_href`` asks for one."""

    href: str = ""
    ask_href: str = ""
    words: str = ""


def may_ask(attendance: Attendance) -> bool:
    """Whether an estimate of a session can be asked for: one that costs something and is to come."""
    return bool(
        the_facts().gives_estimates
        and attendance.status == AttendanceStatus.BOOKED
        and attendance.fee_cents
        and attendance.appointment.starts_at > g.now
    )


def estimate_offer(attendance: Attendance) -> EstimateOffer:
    """Return what a session's page says of it."""
    if not the_facts().gives_estimates:
        return EstimateOffer()
    href = url_for(".estimate", public_id=attendance.public_id) if given(attendance) else ""
    if not may_ask(attendance):
        return EstimateOffer(href)
    if waits_for_estimate(db.session(), attendance.client_id, attendance.appointment):
        return EstimateOffer(href, words="We are writing down what it is expected to cost, and let you know.")
    return EstimateOffer(href, url_for(".estimate_ask", public_id=attendance.public_id))


def given(attendance: Attendance) -> Estimate | None:
    """Return the estimate of a session that was given last."""
    return given_estimate(db.session(), attendance.client_id, attendance.appointment)
