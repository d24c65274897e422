"""What the style page shows: made up, and the same on every day that somebody looks."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from practice.web.board import Action, Block, Board, Column, Gap, Status, board, now_block
from practice.web.courses_shown import CourseCard
from practice.web.expectations_shown import Expectations
from practice.web.facts import Fact
from practice.web.found import FoundPage, FoundRow
from practice.web.marked import marked
from practice.web.paging import PageLinks
from practice.web.shell import Flash, Link, Undo
from practice.web.slot_days import Day, Offer, slot_days

ZONE = "America/New_York"
FIRST = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
LONG_WORDS = "Eyjafjallajökull-Hohenlohe-Schillingsfürst-Wojciechowska-Papadopoulou-Venkataraman Elisabeth Bartholomäa"
MESSAGES = (
    Flash("", "Your session is booked. We have sent you the details."),
    Flash("good", "The link is turned off."),
    Flash("", "Robin Vale has arrived.", Undo("/dev/style", (("status", "booked"),))),
    Flash("problem", "That time has just been taken. These are close to it."),
    Flash("", LONG_WORDS),
)
STATUSES = (
    Status("Booked"),
    Status("Arrived", "good", "check"),
    Status("In session", "now"),
    Status("15 minutes late", "attention", "clock"),
    Status("Cancelled", "ended"),
)
FACTS = (
    Fact("Therapist", "Dr. Amara Osei", "#facts"),
    Fact("When", "Tuesday 24 November, 9:00 to 9:50 AM\nNew York time", "#facts"),
    Fact("Where", "West 12th Street, 2nd floor, New York"),
    Fact("Contact", "a-rather-long-address-that-has-to-wrap-somewhere@mail.example.com", "#facts"),
    Fact("Chosen name", LONG_WORDS),
)
EXPECTATIONS = Expectations(
    (
        Fact("Set time", "Thursday 26 November, 5:30 to 6:45 PM\nNew York time"),
        Fact("What happens", "A supportive facilitator opens and closes the circle. Join in as much as you like."),
        Fact("Who leads", "Dr. Amara Osei and Ravi Menon"),
        Fact("What to wear or bring", "Something comfortable, and socks. Bring water."),
        Fact("Stepping out", "You can step out at any time, without a word, and come back when you like."),
        Fact("Coming late", "Coming late is welcome. Come in, and join when you are ready."),
    )
)
_DATES = ("Thursday 26 November, 5:30 to 6:45 PM", "Thursday 3 December, 5:30 to 6:45 PM")
_COURSE = CourseCard("winter", "Winter circle", "2 dates, 1 hour 15 minutes each", "$90 in all, $45 a date",
                     "Dr. Amara Osei", _DATES, is_full=False, has_all=False)  # fmt: skip
COURSES = (
    _COURSE,
    replace(_COURSE, name=LONG_WORDS, leads=LONG_WORDS, is_full=True),
    replace(_COURSE, name="Spring circle", has_all=True),
)
PARTS = ("Errors", "Words", "Pressing", "Showing", "Controls", "People", "Times", "Board")
LINKS = tuple(Link(name, f"#{name.lower()}") for name in PARTS)
TABS = (Link("This week", "#tabs", is_current=True), Link("Weekly hours", "#hours"), Link("Time off", "#off"))
PAGES = (
    PageLinks("1 to 20 of 212", "", "#showing"),
    PageLinks("21 to 40 of 212", "#showing", "#showing"),
    PageLinks("201 to 212 of 212", "#showing", ""),
)


def _person(name: str, typed: str, *facts: str, also: str = "", pronouns: str = "") -> FoundRow:
    told = tuple(marked(fact, (typed,), inside=True) for fact in facts)
    return FoundRow("none", marked(name, (typed,)), marked(also, (typed,)), pronouns, told, "#people")


FOUND = FoundPage(
    words="ros",
    said="4 clients",
    rows=(
        _person("Rosa Vale", "ros", "Next Tuesday 24 November, 9:00 AM", "Phone ends 0142", pronouns="she/her"),
        _person("Ash", "ros", "Born 27 March 1987", also="Ambrose Rossi", pronouns="they/them"),
        _person(LONG_WORDS, "ros", "rosalind.with.a.long.address@mail.example.com", "Phone ends 0199"),
    ),
    near=(_person("Rhoss Adair", "-", "Phone ends 0107"),),
    links=PageLinks("1 to 20", "", "#people"),
    new_href="#people",
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that can be noted of a place."""

    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of somebody in a session."""

    public_id: str = "none"
    name: str = "Robin Vale"
    steps: tuple[Step, ...] = (Step("Arrived", "arrived"), Step("Did not come", "no_show"))


def example_days(week: int) -> tuple[Day, ...]:
    """Two days of times, one of them with names."""
    hours = (0, 2, 4, 5, 9, 24, 25, 27, 31)
    first = FIRST + timedelta(weeks=week)
    return slot_days(
        [
            Offer(first + timedelta(hours=hour), f"t{hour}", "Ravi Menon" if hour > 9 else "", "#times")
            for hour in hours
        ],
        ZONE,
    )


def example_board() -> Board:
    """A day of four therapists, with each look that a block can have."""
    actions = (Action("Arrived", "/dev/style"), Action("Did not come", "/dev/style"))
    amara = (
        Block(540, 590, "9:00 AM", "Priya S.", "#board", ("Weekly session",), STATUSES[1]),
        Block(
            600,
            650,
            "10:00 AM",
            "Marek D.",
            "#board",
            ("Weekly session",),
            actions=actions[:1],
            menu=actions,
            move_href="#board",
            key="marek",
        ),
        Block(660, 710, "11:00 AM", "Elif Y.", "#board", ("Room 1",), STATUSES[2], look="hue-3", icon="map-pin"),
        Block(720, 780, "12:00 PM", "Lunch", look="away"),
        now_block(680),
    )
    ben = (
        Block(560, 580, "9:20 AM", "Femi A.", "#board", ("First conversation",), look="hue-2"),
        Block(600, 650, "10:00 AM", "Ola J.", lines=("Cancelled",), look="ended"),
        Block(630, 705, "10:30 AM", "Move and play", "#board", ("5 of 12",), STATUSES[3], look="hue-5"),
        Block(640, 690, "10:40 AM", LONG_WORDS, "#board", (LONG_WORDS,), look="hue-4"),
        Block(720, 770, "12:00 PM", "Noor H.", "#board", ("Online",), STATUSES[0], look="hue-6", icon="video"),
    )
    ravi = (
        Block(600, 650, "10:00 AM", "Jo R.", "#board", ("Weekly session",), look="hue-4 moving"),
        Block(720, 770, "12:00 PM", "Jo R.", "#board", ("Weekly session",), look="hue-4 ghost"),
    )
    gaps = (Gap(650, 660, "10:50 to 11:00 AM", "#board"), Gap(780, 840, "1:00 to 2:00 PM", "#board", "#board"))
    columns = (
        Column("amara", "Dr. Amara Osei", "Room 1", amara, is_today=True, hours=((540, 720), (780, 1020)), gaps=gaps),
        Column("ben", "Ben Carver", "Studio", ben, href="#board", look="hue-2"),
        Column("leila", "Leila Haddad", "Online"),
        Column("ravi", "Ravi Menon", "While one is dragged", ravi),
        Column("away", LONG_WORDS, "Time off", hours=(), empty="Away"),
    )
    return board("Tuesday 24 November", columns, closes=14)
