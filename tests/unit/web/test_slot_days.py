"""Open times by day and part of the day."""

from datetime import UTC, datetime, timedelta

from practice.web.slot_days import Offer, slot_days


def test_times_are_grouped_on_the_clocks_of_the_zone_and_named_in_full():
    start = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    offers = [Offer(start + timedelta(hours=hours), f"v{hours}") for hours in (0, 3, 8, 15)]

    first, second = slot_days(offers, "America/New_York")

    assert (first.heading, first.iso) == ("Tuesday 24 November", "2026-11-24")
    assert [(part.name, [slot.text for slot in part.slots]) for part in first.parts] == [
        ("Morning", ["9:00 AM"]),
        ("Afternoon", ["12:00 PM"]),
        ("Evening", ["5:00 PM"]),
    ]
    assert first.parts[0].slots[0].label == "Tuesday 24 November, 9:00 AM, New York time"
    assert second.parts[0].slots[0].text == "12:00 AM"


def test_a_note_is_part_of_the_name():
    (day,) = slot_days([Offer(datetime(2026, 11, 24, 14, 0, tzinfo=UTC), "v", note="Ravi Menon")], "Asia/Kathmandu")

    assert day.parts[0].slots[0].label == "Tuesday 24 November, 7:45 PM, Ravi Menon, Kathmandu time"


def test_times_that_come_twice_are_told_apart():
    offers = [Offer(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), str(hour)) for hour in (4, 5, 6, 7)]

    (day,) = slot_days(offers, "America/New_York")

    assert [slot.text for slot in day.parts[0].slots] == [
        "12:30 AM",
        "1:30 AM (UTC−4)",
        "1:30 AM (UTC−5)",
        "2:30 AM",
    ]


def test_one_of_two_equal_times_says_which_it_is():
    offers = [Offer(datetime(2026, 11, 1, hour, 30, tzinfo=UTC), str(hour)) for hour in (4, 5)]

    (day,) = slot_days(offers, "America/New_York")

    assert [slot.text for slot in day.parts[0].slots] == ["12:30 AM", "1:30 AM (UTC−4)"]
