"""What cancelling means, in words: said before a session is booked, while it is, and before it is cancelled."""

from datetime import datetime

from practice.domain.lifecycle import cancellation
from practice.queries.practice import PracticeFacts
from practice.web.presenting import format_moment, format_money, habit_of


def cancel_words(starts_at: datetime, zone: str, facts: PracticeFacts, now: datetime) -> str:
    """Return words like "Cancel free until Monday 23 November at 5:00 PM. After that, the fee is $60"."""
    found = cancellation(
        starts_at, now=now, free_cancel_hours=facts.free_cancel_hours, late_fee_cents=facts.late_fee_cents
    )
    if not facts.late_fee_cents:
        return "You can cancel at any time, free of charge."
    fee = format_money(facts.late_fee_cents, facts.currency)
    if found.status == "late_cancelled":
        return f"This session is soon: if you cancel it, the fee is {fee}."
    day, _, time = format_moment(found.free_until, zone, habit_of(facts.locale)).rpartition(", ")
    return f"Cancel free until {day} at {time}. After that, the fee is {fee}."
