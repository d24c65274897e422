"""Days or therapists side by side, as boards show them: a grid of five minutes on a wide screen, lists on a phone.

Inline styles are barred, so that a block stands where its classes say: ``t`` and the number of five-minute steps from
the board's top, ``n`` and the number of steps that it lasts, ``x1of2`` for the second of two that overlap, ``short``
where there is room for one line only. Time outside a column's hours is hatched; the line of now is a block of its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from practice.domain.intervals import Span, merge
from practice.web.presenting import Habit, format_minute

STEP: Final = 5
HOUR: Final = 60
DAY: Final = 24 * HOUR
MOST_LANES: Final = 4
ROOM_FOR_LINES: Final = 6
NOW: Final = "now"

Data = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Status:
    """A status in words, with a tone ("", good, now, attention, ended) and an icon of the sprite."""

    words: str
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button on a block: it sends ``name`` and ``value`` to ``href``, and what the page's ``act_form`` holds.

    Without an ``href`` it goes where the form goes.
    """

    label: str
    href: str
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A session or time away. The minutes are those of the column's wall-clock day (0 to 1440).

    ``look`` is "hue-1" to "hue-6" for sessions, "away" for time that is taken, "ended" for what is cancelled and "now"
    for the line of now. ``icon`` stands before the first line. ``data`` become data- attributes, for scripts; ``key``
    is an id, the only one of its page, by which a block stays itself when the page refreshes. ``menu`` holds what is
    too much to stand on the block, and ``move_href`` leads to where it is moved; ``board`` numbers what is in the menu
    in ``choices``, because what many sessions can be asked is written once for all.
    """

    start_minute: int
    end_minute: int
    when: str
    title: str
    href: str = ""
    lines: tuple[str, ...] = ()
    status: Status | None = None
    actions: tuple[Action, ...] = ()
    look: str = "hue-1"
    place: str = ""
    icon: str = ""
    data: Data = ()
    key: str = ""
    menu: tuple[Action, ...] = ()
    move_href: str = ""
    choices: str = ""

    @property
    def is_now(self) -> bool:
        """Whether it is the line of now."""
        return self.look == NOW

    @property
    def is_gap(self) -> bool:
        """Whether it is free time."""
        return False

    @property
    def about(self) -> str:
        """What its buttons act on, for a screen reader."""
        return f"{self.when}, {self.title}"


@dataclass(frozen=True, slots=True)
class Gap:
    """A free stretch, behind the blocks: ``href`` books it, ``why_href`` explains its times."""

    start_minute: int
    end_minute: int
    when: str
    href: str
    why_href: str = ""
    data: Data = ()
    place: str = ""
    is_gap: bool = field(default=True, init=False)
    is_now: bool = field(default=False, init=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A day, a therapist or a room. ``key`` makes its id, ``empty`` is what a column without blocks says.

    ``hours`` are the minutes in which somebody works, each from and to; where they are known the rest of the day is
    hatched. ``shades`` are the places of that, given out by ``board``. ``href`` leads to the day or person; ``look``
    ("hue-1" to "hue-6") puts a dot before the heading.
    """

    key: str
    heading: str
    under: str = ""
    blocks: tuple[Block, ...] = ()
    is_today: bool = False
    empty: str = "Nothing booked"
    hours: tuple[Span, ...] | None = None
    shades: tuple[str, ...] = ()
    href: str = ""
    look: str = ""
    gaps: tuple[Gap, ...] = ()
    data: Data = ()

    @property
    def items(self) -> list[Block | Gap]:
        """Blocks and gaps in order of time, as lists show them."""
        return sorted((*self.gaps, *self.blocks), key=lambda each: each.start_minute)


@dataclass(frozen=True, slots=True)
class HourMark:
    """An hour at the side of the board."""

    words: str
    place: str


@dataclass(frozen=True, slots=True)
class Board:
    """Columns over the same hours."""

    label: str
    columns: tuple[Column, ...]
    hours: tuple[HourMark, ...]
    menu: tuple[Action, ...] = ()


def board(label: str, columns: Iterable[Column], habit: Habit = "12h", opens: int = 9, closes: int = 17) -> Board:
    """``columns`` over the hours ``opens`` to ``closes``, or more where a block needs them; each block in its place."""
    columns = tuple(columns)
    blocks = [item for column in columns for item in column.items if not item.is_now]
    first = min([opens, *(block.start_minute // HOUR for block in blocks)])
    last = max([closes, *(-(-block.end_minute // HOUR) for block in blocks)])
    marks = tuple(
        HourMark(format_minute(hour * HOUR, habit), f"t{(hour - first) * HOUR // STEP} n{HOUR // STEP}")
        for hour in range(first, last)
    )
    shown = first * HOUR, last * HOUR
    menu: dict[Action, int] = {}
    placed = tuple(
        replace(
            column,
            blocks=tuple(replace(each, choices=_numbered(each, menu)) for each in in_place(column.blocks, shown)),
            gaps=tuple(replace(gap, place=_row(gap, shown[0])) for gap in column.gaps),
            shades=shades_of(column.hours, shown),
        )
        for column in columns
    )
    return Board(label, placed, marks, tuple(menu))


def _numbered(block: Block, menu: dict[Action, int]) -> str:
    """Return the numbers in ``menu`` of what a block's own menu holds, and add there what is new.

    A value is "what.whose"; in ``menu`` it is "what.~".
    """
    shared = (replace(each, value=f"{each.value.partition('.')[0]}.~") for each in block.menu)
    return " ".join(str(menu.setdefault(each, len(menu))) for each in shared)


def now_block(minute: int, habit: Habit = "12h") -> Block:
    """Return the line of now at a minute of the day."""
    return Block(minute, minute, "Now", format_minute(minute, habit), look=NOW)


def shades_of(hours: Sequence[Span] | None, shown: Span) -> tuple[str, ...]:
    """Return where the minutes that are shown lie outside ``hours``; nowhere where the hours are not known."""
    if hours is None:
        return ()
    edges = [shown[0], *(minute for span in merge(hours) for minute in span), shown[1]]
    gaps = [(max(start, shown[0]), min(end, shown[1])) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return tuple(_place(start - shown[0], end - start) for start, end in gaps if start < end)


def _place(offset: int, length: int) -> str:
    return f"t{offset // STEP} n{max(1, -(-length // STEP))}"


def _row(item: Block | Gap, top: int, beside: str = "") -> str:
    length = item.end_minute - item.start_minute
    short = " short" if length <= (ROOM_FOR_LINES - 1) * STEP else ""
    return f"{_place(item.start_minute - top, length)}{beside}{short}"


def in_place(blocks: Iterable[Block], shown: Span) -> tuple[Block, ...]:
    """``blocks`` by start, each with the classes of where it stands in the minutes ``shown``; now lies across them."""
    top, bottom = shown
    blocks = list(blocks)
    placed = [
        replace(block, place=f"t{(block.start_minute - top) // STEP}" if top <= block.start_minute < bottom else "off")
        for block in blocks
        if block.is_now
    ]
    for group in overlapping(block for block in blocks if not block.is_now):
        lanes = lanes_of(group)
        count = min(max(lanes) + 1, MOST_LANES)
        for block, lane in zip(group, lanes, strict=True):
            beside = f" x{min(lane, MOST_LANES - 1)}of{count}" if count > 1 else ""
            placed.append(replace(block, place=_row(block, top, beside)))
    return tuple(sorted(placed, key=lambda block: (block.start_minute, not block.is_now)))


def overlapping(blocks: Iterable[Block]) -> list[list[Block]]:
    """``blocks`` by start, in groups that touch in time, directly or through others."""
    groups: list[list[Block]] = []
    reach = -1
    for block in sorted(blocks, key=lambda block: (block.start_minute, block.end_minute)):
        if groups and block.start_minute < reach:
            groups[-1].append(block)
        else:
            groups.append([block])
        reach = max(reach, block.end_minute)
    return groups


def lanes_of(group: Sequence[Block]) -> list[int]:
    """For each block of ``group``, by start, the first lane that is free when it starts."""
    free_from: list[int] = []
    lanes: list[int] = []
    for block in group:
        lane = next((i for i, end in enumerate(free_from) if end <= block.start_minute), len(free_from))
        free_from[lane : lane + 1] = [block.end_minute]
        lanes.append(lane)
    return lanes
