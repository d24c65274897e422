"""What the engine remembers never changes what it answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.domain import openings as module
from practice.domain.asking import ANYBODY, asker_of
from practice.domain.intervals import merge
from practice.domain.load import Meeting
from practice.domain.needs import Needs, fitted
from practice.domain.openings import BLOCK, Busy, Openings
from tests.unit.domain.loads import sessions
from tests.unit.domain.worlds import CHECK, World, askings, near, worlds


def busy_of(world: World) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return busy time by resource as the engine takes it."""
    return {resource: merge(spans) for resource, spans in world.busy_spans().items()}


def openings_of(world: World, busy: Busy | None = None) -> Openings:
    """Return the engine for a world, with other busy time where some is given."""
    return Openings(world.rules, busy_of(world) if busy is None else busy, meetings=world.meetings())


@CHECK
@given(worlds(), st.data())
def test_remembering_changes_no_answer(world, data):
    service, therapists = world.service, world.rules.therapists
    busy, meetings = busy_of(world), world.meetings()
    remembering = Openings(world.rules, busy, meetings=meetings)
    noon = sum(world.span) // 2
    for _ in range(3):
        asker = asker_of(world.rules, data.draw(askings(therapists, noon)))
        fresh = Openings(world.rules, busy, meetings=meetings)
        for one in (ANYBODY, asker):
            wanted = fresh.slots(service, therapists, world.span, one)
            assert remembering.slots(service, therapists, world.span, one) == wanted
        resource = data.draw(st.sampled_from(sorted(busy)))
        busy = {**busy, resource: merge(data.draw(st.lists(near(noon), max_size=3)))}
        met = {resource: _meetings(data.draw(sessions(resource, noon, world.now)))} if resource in meetings else {}
        meetings |= met
        remembering = remembering.with_busy({resource: busy[resource]}, met)


def _meetings(rows):
    return [Meeting(row.span, row.core[0], row.is_first) for row in rows]


@CHECK
@given(worlds(), st.integers(-3000, 3000), st.integers(0, 6000))
def test_any_span_lists_the_starts_inside_it_and_the_first_of_them(world, offset, length):
    service, therapists = world.service, world.rules.therapists
    openings = openings_of(world)
    everything = openings.slots(service, therapists, (world.span[0] - 2 * BLOCK, world.span[1] + 2 * BLOCK))
    span = (sum(world.span) // 2 + offset, sum(world.span) // 2 + offset + length)
    inside = [slot for slot in everything if span[0] <= slot.start < span[1]]
    assert openings.slots(service, therapists, span) == inside
    first = inside[0].start if inside else None
    assert openings.first_start(service, therapists, span) == first
    assert openings_of(world).first_start(service, therapists, span) == first


@CHECK
@given(worlds())
def test_everyone_is_each_one_alone_put_together(world):
    service, therapists = world.service, world.rules.therapists
    openings = openings_of(world)
    alone = [slot for each in therapists for slot in openings.slots(service, [each], world.span)]
    assert openings.slots(service, therapists, world.span) == sorted(alone, key=lambda slot: (slot.start, slot[1]))


@CHECK
@given(worlds(), st.sampled_from(["duration_minutes", "before_minutes", "after_minutes", "step_minutes"]))
def test_services_of_other_lengths_do_not_get_each_others_times(world, name):
    service = world.rules.services[0]
    other = replace(service, id=2, **{name: getattr(service, name) + 5})
    offers = (*world.rules.offers, *(replace(offer, service_id=2) for offer in world.rules.offers))
    rules = replace(world.rules, services=(service, other), offers=offers)
    shared = Openings(rules, busy_of(world), meetings=world.meetings())
    for one in (service, other):
        fresh = Openings(rules, busy_of(world), meetings=world.meetings())
        assert shared.slots(one, rules.therapists, world.span) == fresh.slots(one, rules.therapists, world.span)


@CHECK
@given(worlds())
def test_forgetting_changes_no_answer(world):
    service, therapists = world.service, world.rules.therapists
    wanted = openings_of(world).slots(service, therapists, world.span)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "REMEMBERED", 2)
        assert openings_of(world).slots(service, therapists, world.span) == wanted


@CHECK
@given(worlds())
def test_a_sheet_stays_the_same_object_while_its_slots_do(world):
    service, therapists = world.service, world.rules.therapists
    openings = openings_of(world)
    before = openings.sheets(service, therapists, world.span)
    resource = therapists[0].resource_id
    later = openings.with_busy({resource: merge([*openings.busy[resource], (0, 60)])})
    assert all(one is other for one, other in zip(before, later.sheets(service, therapists, world.span), strict=True))


@CHECK
@given(worlds())
def test_a_calendar_that_is_not_known_is_an_error_and_never_free(world):
    service, therapist = world.service, world.rules.therapists[0]
    busy = busy_of(world)
    if not openings_of(world, busy).slots(service, [therapist], world.span):
        return
    if therapist.has_guard:
        with pytest.raises(KeyError):
            Openings(world.rules, busy).slots(service, [therapist], world.span)
    del busy[therapist.resource_id]
    with pytest.raises(KeyError):
        openings_of(world, busy).slots(service, [therapist], world.span)


@CHECK
@given(worlds(), st.sampled_from([(25, Needs()), (None, Needs(frozenset(["quiet"]))), (None, Needs(extra_minutes=15))]))
def test_one_memory_keeps_the_variants_of_a_service_apart(world, wish):
    service, therapists = world.rules.services[0], world.rules.therapists
    shared = openings_of(world)
    for one in (service, fitted(service, *wish)):
        assert shared.slots(one, therapists, world.span) == openings_of(world).slots(one, therapists, world.span)
