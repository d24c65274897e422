"""The engine offers exactly what the oracle finds minute by minute."""

from hypothesis import given

from practice.domain.intervals import merge
from practice.domain.openings import Openings
from tests.unit.domain.worlds import PROOF, oracle, worlds


def open_starts(world, openings=None):
    """Return what the engine offers around the world's date, in the oracle's shape."""
    service = world.rules.services[0]
    busy = {resource: merge(spans) for resource, spans in world.busy_spans().items()}
    openings = openings or Openings(world.rules, busy)
    found = openings.slots(service, world.rules.therapists, world.span)
    assert found == sorted(found, key=lambda slot: (slot.start, slot.therapist_id))
    assert all(slot.ways.modalities for slot in found)
    return {(slot.start, slot.therapist_id): (set(slot.ways.location_ids), slot.ways.online) for slot in found}


def expected(world):
    """Return what the oracle finds around the world's date."""
    found = oracle(world, world.rules.services[0])
    return {key: ways for key, ways in found.items() if world.span[0] <= key[0] < world.span[1]}


@PROOF
@given(worlds())
def test_the_engine_finds_what_the_oracle_finds(world):
    assert open_starts(world) == expected(world)
