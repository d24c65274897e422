"""Days full of sessions, made at random, and a slow, obvious judge of what is too much for a therapist."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from practice.domain.explaining import BusyRow
from practice.domain.load import Meeting
from practice.domain.rule_book import Therapist

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def wall_date(zone: str, minute: int) -> date:
    """Return the date that the wall shows."""
    return (EPOCH + timedelta(minutes=minute)).astimezone(ZoneInfo(zone)).date()


def is_too_much(
    therapist: Therapist,
    zone: str,
    meetings: Sequence[Meeting],
    taken: tuple[int, int],
    start: int,
    *,
    is_first: bool,
) -> bool:
    """Add the session, and look whether any limit that concerns it is passed then."""
    everything = sorted([*meetings, Meeting(taken, start, is_first)])
    runs: list[list[Meeting]] = []
    for meeting in everything:
        if runs and meeting.span[0] - runs[-1][-1].span[1] < therapist.break_minutes:
            runs[-1].append(meeting)
        else:
            runs.append([meeting])
    run = next(run for run in runs if any(meeting.span == taken for meeting in run))
    days = [wall_date(zone, meeting.start) for meeting in everything]
    weeks = [day.isocalendar()[:2] for day, meeting in zip(days, everything, strict=True) if meeting.is_first]
    on = wall_date(zone, start)
    most_first = 99 if therapist.max_first_a_week is None else therapist.max_first_a_week
    return (
        len(run) > (therapist.max_in_row or 99)
        or days.count(on) > (therapist.max_a_day or 99)
        or (is_first and weeks.count(on.isocalendar()[:2]) > most_first)
    )


@st.composite
def sessions(draw: st.DrawFn, resource: int, noon: int, now: datetime) -> list[BusyRow]:
    """A therapist's sessions, one after the other as the ledger has them: close together, with breaks, some held."""
    at = noon + draw(st.integers(-2000, 2000))
    rows = []
    for _ in range(draw(st.integers(0, 7))):
        before, length, after = draw(st.sampled_from(((0, 50, 10), (5, 20, 0), (0, 75, 0))))
        core = (at + before, at + before + length)
        lapses = draw(st.sampled_from((None, None, None, timedelta(0), timedelta(minutes=1))))
        rows.append(
            BusyRow(
                resource, (at, core[1] + after), core, "booked" if lapses is None else "held",
                None if lapses is None else now + lapses, is_first=draw(st.booleans()),
            )
        )  # fmt: skip
        at = rows[-1].span[1] + draw(st.sampled_from((0, 0, 5, 14, 15, 29, 30, 59, 60, 75, 120, 200, 700)))
    return rows
