"""Every start on the step is offered or explained, and never both."""

from datetime import timedelta

from hypothesis import given

from practice.domain.explaining import Question, explain
from practice.domain.intervals import merge
from practice.domain.openings import Openings
from practice.domain.slots import bookable_span
from tests.unit.domain.worlds import PROOF, first_minute, hours_of, worlds


def question(world, therapist):
    """Ask as a stranger for the world's service with a therapist."""
    return Question(world.rules, world.rules.services[0], therapist, world.busy, world.now)


def offered_by_the_engine(world, therapist):
    """Return the engine's starts and ways for one therapist, after notice and window."""
    service = world.rules.services[0]
    first, end = bookable_span(world.rules, service, world.now, "public")
    span = (max(first, world.span[0]), min(end, world.span[1]))
    openings = Openings(world.rules, {key: merge(spans) for key, spans in world.busy_spans().items()})
    slots = openings.slots(service, [therapist], span)
    return {slot.start: (set(slot.ways.location_ids), slot.ways.online) for slot in slots}


def starts_on_the_step(world, therapist):
    """Return all starts on the step near the world's date, from the oracle's hours."""
    step = world.rules.services[0].step_minutes
    rows = [(start, end) for _, start, end in hours_of(world, therapist)]
    starts = {at for start, end in rows for at in range(start, end, step)}
    for offset in range(-3, 4):
        on = world.on + timedelta(days=offset)
        midnight = first_minute(therapist.zone, world.on, on, 0)
        until = first_minute(therapist.zone, world.on, on, 1440)
        starts |= {at for at in range(midnight, until, step) if not any(start <= at < end for start, end in rows)}
    return sorted(start for start in starts if world.span[0] <= start < world.span[1])


@PROOF
@given(worlds())
def test_offered_and_explained_are_every_start_on_the_step(world):
    for therapist in world.rules.therapists:
        verdicts = explain(question(world, therapist), world.span)
        assert [verdict.start for verdict in verdicts] == starts_on_the_step(world, therapist)
        assert all((verdict.ways is None) != (verdict.reason is None) for verdict in verdicts)
        offered = {
            verdict.start: (set(verdict.ways.location_ids), verdict.ways.online) for verdict in verdicts if verdict.ways
        }
        assert offered == offered_by_the_engine(world, therapist)
