"""The races are real: without walls several win. Each wall alone lets one win."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import func, select, text

from practice.models import Occupancy
from tests.concurrency.arena import CROWD, Arena


def take_constraint_away(arena: Arena) -> None:
    with arena.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE occupancy DROP CONSTRAINT ex_occupancy_no_overlap"))
        else:
            connection.execute(text("DROP TRIGGER occupancy_no_overlap_insert"))


def claimed(arena: Arena, starts_at: datetime) -> int:
    """How often the ledger has Bob busy from then on. (Without transactions a loser leaves an appointment behind.)"""
    with arena.engine.connect() as connection:
        wanted = select(func.count()).select_from(Occupancy)
        wanted = wanted.where(Occupancy.resource_id == arena.cast.resources["bob"], Occupancy.starts_at == starts_at)
        return connection.execute(wanted).scalar_one()


@pytest.mark.parametrize("walls", ["", "locks", "constraint"])
def test_each_wall_alone_lets_one_win_and_none_lets_many(open_arena: Callable[..., Arena], walls: str) -> None:
    arena = open_arena(workers=2, threads=32, app="tests.concurrency.unwalled:app", environ={"WALLS": walls})
    if "constraint" not in walls:
        take_constraint_away(arena)
    winners = []
    for round_ in range(3):
        starts_at = arena.free_time(round_)
        told = Counter(answer.status for answer in arena.rush([arena.booking(n, starts_at) for n in range(CROWD)]))
        winners.append(told[201])
        assert claimed(arena, starts_at) == told[201]
    if walls:
        assert winners == [1, 1, 1]
    else:
        assert max(winners) > 1, "nobody raced: the pause is too short to show anything"
