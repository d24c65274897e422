"""The races are real: without walls several win. Each wall alone lets one win."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import text

from tests.concurrency.arena import CROWD, Arena


def take_constraint_away(arena: Arena) -> None:
    with arena.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"))
        else:
            connection.execute(text("DROP TRIGGER occupancy_no_overlap_insert"))


@pytest.mark.parametrize("walls", ["", "locks", "constraint"])
def test_each_wall_alone_lets_one_win_and_none_lets_many(open_arena: Callable[..., Arena], walls: str) -> None:
    arena = open_arena(workers=2, threads=32, app="tests.concurrency.unwalled:app", environ={"WALLS": walls})
    if "constraint" not in walls:
        take_constraint_away(arena)
    winners = []
    for round_ in range(3):
        starts_at = arena.free_time(round_)
        told = Counter(answer.status for answer in arena.rush([arena.booking(n, starts_at) for n in range(CROWD)]))
        winners.append(arena.booked(starts_at))
        assert told[201] == winners[-1]
    if walls:
        assert winners == [1, 1, 1]
    else:
        assert max(winners) > 1, "nobody raced: the pause is too short to show anything"
