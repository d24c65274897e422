"""Fifty at once: exactly one gets the time, everyone else is told so kindly, and nobody sees a fault."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from practice.models import Hold
from tests.concurrency.arena import CROWD, Arena, one_winner


def test_fifty_clients_for_one_time(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        starts_at = arena.free_time(round_)
        one_winner(arena.rush([arena.booking(client, starts_at) for client in range(CROWD)]))
        assert arena.booked(starts_at) == 1


def test_fifty_clients_for_times_that_overlap(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        first = arena.free_time(round_)
        starts = [first, first + timedelta(minutes=30)]
        one_winner(arena.rush([arena.booking(client, starts[client % 2]) for client in range(CROWD)]))
        assert sum(map(arena.booked, starts)) == 1


def test_fifty_therapists_for_the_last_room(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        starts_at = arena.free_time(round_)
        (taken,) = arena.rush([arena.booking(0, starts_at, "bea", "in_person")])
        assert taken.status == 201, taken
        one_winner(
            arena.rush(
                [arena.booking(client, starts_at, arena.therapists[client], "in_person") for client in range(1, CROWD)]
            )
        )
        assert arena.booked(starts_at) == 2


def test_one_client_with_fifty_therapists(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        starts_at = arena.free_time(round_)
        one_winner(arena.rush([arena.booking(0, starts_at, slug) for slug in arena.therapists]))
        assert arena.booked(starts_at) == 1


def test_one_idempotency_key_makes_one_booking_and_one_answer(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        starts_at = arena.free_time(round_)
        method, path, body, _ = arena.booking(0, starts_at)
        answers = arena.rush([(method, path, body, {"Idempotency-Key": f"key-{round_}"})] * CROWD)
        assert Counter(answer.status for answer in answers) == {201: CROWD}
        assert len({answer.body["id"] for answer in answers}) == 1
        assert arena.booked(starts_at) == 1


def test_two_sessions_moved_to_one_time(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        target = arena.free_time(round_)
        made = arena.rush(
            [
                arena.booking(0, target - timedelta(hours=0), arena.therapists[0]),
                arena.booking(1, target, arena.therapists[1]),
            ]
        )
        assert {answer.status for answer in made} == {201}
        move = {"therapist": "bob"}
        one_winner(
            arena.rush([("PATCH", f"/api/v1/appointments/{answer.body['id']}", move, {}) for answer in made]), won=200
        )
        assert arena.booked(target) == 2


def test_two_opposite_moves_change_nothing_and_wait_for_nobody(arena: Arena, rounds: int) -> None:
    for round_ in range(rounds):
        one = arena.free_time(round_)
        other = one + timedelta(hours=1)
        made = arena.rush([arena.booking(0, one), arena.booking(1, other)])
        assert {answer.status for answer in made} == {201}
        answers = arena.rush(
            [
                ("PATCH", f"/api/v1/appointments/{made[0].body['id']}", {"starts_at": other.isoformat()}, {}),
                ("PATCH", f"/api/v1/appointments/{made[1].body['id']}", {"starts_at": one.isoformat()}, {}),
            ]
        )
        assert [answer.status for answer in answers] == [409, 409], answers
        assert (arena.booked(one), arena.booked(other)) == (1, 1)


@pytest.mark.parametrize("is_ended", [False, True])
def test_whoever_wins_a_held_time_is_alone(arena: Arena, rounds: int, is_ended: bool) -> None:
    """Half the crowd books a time that a hold keeps, or kept until just now."""
    for round_ in range(rounds):
        starts_at = arena.free_time(round_)
        hold = arena.hold(starts_at, is_ended=is_ended)
        answers = arena.rush(
            [*(arena.confirmation(hold) for _ in range(2)), *(arena.booking(n, starts_at) for n in range(CROWD - 2))]
        )
        confirmed = [answer.status for answer in answers[:2]]
        booked = [answer.status for answer in answers[2:]]
        told = Counter(confirmed + booked)
        # Both confirmations are one browser's: the second press is answered as the first one.
        assert (told[201], told[303]) in ((1, 0), (0, 2)), told
        assert set(told) <= {303, 201, 409, 410}, told
        assert is_ended or told[201] == 0
        assert arena.booked(starts_at) == 1
        with arena.engine.connect() as connection:
            assert connection.execute(select(func.count()).select_from(Hold)).scalar_one() == 0
