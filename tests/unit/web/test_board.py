"""Where blocks stand on a board."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from practice.web.board import Action, Block, Column, Gap, board, now_block

STYLE = (Path(__file__).parents[3] / "static/css/board.css").read_text()


def block(start: int, end: int) -> Block:
    return Block(start, end, "9:00 AM", "Sam")


def places(*blocks: Block) -> list[str]:
    return [block.place for block in board("Week", [Column("a", "A", blocks=blocks)]).columns[0].blocks]


@pytest.mark.parametrize(
    "blocks, expected",
    [
        ([block(540, 590)], ["t0 n10"]),
        ([block(545, 555), block(600, 660)], ["t1 n2 short", "t12 n12"]),
        ([block(600, 660), block(540, 600)], ["t0 n12", "t12 n12"]),
        ([block(540, 600), block(570, 620)], ["t0 n12 x0of2", "t6 n10 x1of2"]),
        (
            [block(540, 660), block(550, 560), block(570, 580)],
            ["t0 n24 x0of2", "t2 n2 x1of2 short", "t6 n2 x1of2 short"],
        ),
        ([block(542, 545)], ["t0 n1 short"]),
    ],
)
def test_a_block_stands_at_its_time_and_beside_what_it_overlaps(blocks, expected):
    assert places(*blocks) == expected


def test_what_many_can_be_asked_is_written_once():
    def session(start: int, *values: str) -> Block:
        return replace(block(start, start + 50), menu=tuple(Action(value[:4], "", "do", value) for value in values))

    columns = [
        Column("a", "A", "", (session(540, "done.x", "fees.x"),)),
        Column("b", "B", "", (session(600, "fees.y"),)),
    ]
    made = board("Day", columns)

    assert [action.value for action in made.menu] == ["done.~", "fees.~"]
    assert [each.choices for column in made.columns for each in column.blocks] == ["0 1", "1"]


def test_gaps_lie_behind_the_blocks_in_order_of_time():
    gaps = (Gap(540, 600, "9:00 to 10:00 AM", "/"),)
    made = board("Day", [Column("a", "A", blocks=(block(600, 650),), gaps=gaps)])

    assert [(item.is_gap, item.place) for item in made.columns[0].items] == [(True, "t0 n12"), (False, "t12 n10")]


def test_the_hours_grow_with_what_is_shown():
    made = board("Day", [Column("a", "A", blocks=(block(7 * 60 + 30, 8 * 60),)), Column("b", "B")], closes=9)

    assert [(mark.words, mark.place) for mark in made.hours] == [("7:00 AM", "t0 n12"), ("8:00 AM", "t12 n12")]
    assert made.columns[0].blocks[0].place == "t6 n6"


def test_every_place_of_a_day_has_a_class():
    assert set(map(int, re.findall(r"\.t(\d+) ", STYLE))) == set(range(288))
    assert set(map(int, re.findall(r"\.n(\d+) ", STYLE))) == set(range(1, 289))


def test_more_than_fit_side_by_side_share_the_last_lane():
    assert places(*(block(540, 600) for _ in range(6)))[3:] == ["t0 n12 x3of4"] * 3


def test_now_is_a_line_in_its_order_across_what_overlaps():
    made = places(block(600, 660), now_block(630), block(620, 650), block(540, 590))
    assert made == ["t0 n10", "t12 n12 x0of2", "t16 n6 x1of2", "t18"]
    assert places(now_block(6 * 60), block(540, 590)) == ["off", "t0 n10"]


@pytest.mark.parametrize(
    "hours, expected",
    [
        (None, ()),
        ((), ("t0 n96",)),
        (((540, 1020),), ()),
        (((480, 720), (780, 960)), ("t36 n12", "t84 n12")),
        (((600, 700), (660, 900)), ("t0 n12", "t72 n24")),
    ],
)
def test_what_lies_outside_the_hours_is_hatched(hours, expected):
    assert board("Week", [Column("a", "A", hours=hours)]).columns[0].shades == expected
