"""What a feed may say at each level."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from practice.domain.calendars import (
    Attendee,
    client_code,
    initials,
    level_in_force,
    levels_of,
    session_title,
    window_of,
)

ALICE, CHARLIE = Attendee("alice-id", "Alice de la Cruz"), Attendee("charlie-id", "Charlie Moss")


@pytest.mark.parametrize(
    "level, title",
    [
        ("busy", "Busy"),
        ("appointment", "Appointment"),
        ("code", f"Client {client_code('alice-id')} & Client {client_code('charlie-id')}"),
        ("initials", "A. D. L. C. & C. M."),
        ("full", "Alice de la Cruz & Charlie Moss"),
    ],
)
def test_each_level_says_no_more_than_its_name(level: str, title: str) -> None:
    assert session_title(level, [ALICE, CHARLIE], is_group=False) == title


def test_a_group_is_a_number_and_never_names() -> None:
    assert session_title("busy", [ALICE, CHARLIE], is_group=True) == "Busy"
    for level in ("code", "initials", "full"):
        assert session_title(level, [ALICE, CHARLIE], is_group=True) == "Group (2)"


def test_nobody_is_busy() -> None:
    assert session_title("full", [], is_group=False) == "Busy"
    assert session_title("initials", [Attendee("x", "  ")], is_group=False) == "Busy"


def test_initials_of_names_that_are_not_two_words() -> None:
    assert [initials(name) for name in ("Prince", " ann  lee ", "", "Åsa Ölund", "李 明")] == [
        "P.",
        "A. L.",
        "",
        "Å. Ö.",
        "李. 明.",
    ]


def test_a_code_is_stable_and_each_clients_own() -> None:
    assert client_code("alice-id") == client_code("alice-id")
    assert client_code("alice-id") != client_code("charlie-id")
    assert "alice" not in client_code("alice-id").lower()


def test_a_full_name_needs_the_practices_setting() -> None:
    assert "full" not in levels_of("therapist", allows_full_names=False)
    assert "full" in levels_of("practice", allows_full_names=True)
    assert levels_of("client", allows_full_names=True) == ("busy", "appointment")
    assert levels_of("everybody", allows_full_names=True) == ()
    assert level_in_force("full", allows_full_names=False) == "initials"
    assert level_in_force("full", allows_full_names=True) == "full"


def test_the_window_is_counted_in_the_practices_days() -> None:
    midnight = datetime(2026, 11, 20, tzinfo=ZoneInfo("America/New_York"))
    window = window_of(midnight)
    assert window.starts_at.astimezone(UTC) == datetime(2026, 10, 21, 4, tzinfo=UTC)
    assert (window.ends_at - midnight, midnight - window.cancelled_since) == (timedelta(days=181), timedelta(days=14))
