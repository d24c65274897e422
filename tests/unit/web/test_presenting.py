"""Dates, times, zones, money and names in words."""

from datetime import UTC, date, datetime

import pytest

from practice.web import presenting as p

NEW_YORK = "America/New_York"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    "words, expected",
    [
        (p.format_day(date(2026, 11, 24)), "Tuesday 24 November"),
        (p.format_day(date(2027, 1, 4), relative_to=date(2026, 11, 24)), "Monday 4 January 2027"),
        (p.format_date(date(1987, 3, 27)), "27 March 1987"),
        (p.format_days(date(2026, 11, 24), date(2026, 11, 27)), "24 to 27 November"),
        (p.format_days(date(2026, 11, 28), date(2026, 12, 2)), "28 November to 2 December"),
        (p.format_days(date(2026, 12, 30), date(2027, 1, 2)), "30 December 2026 to 2 January 2027"),
        (p.format_minute(0), "12:00 AM"),
        (p.format_minute(12 * 60 + 5), "12:05 PM"),
        (p.format_minute(17 * 60, "24h"), "17:00"),
        (p.format_minute(1440, "24h"), "24:00"),
        (p.format_time(utc(2026, 11, 24, 22, 0), NEW_YORK), "5:00 PM"),
        (p.format_moment(utc(2026, 11, 25, 2, 30), NEW_YORK), "Tuesday 24 November, 9:30 PM"),
        (p.format_span(utc(2026, 11, 24, 21, 0), utc(2026, 11, 24, 21, 50), NEW_YORK), "4:00 to 4:50 PM"),
        (p.format_span(utc(2026, 11, 24, 16, 30), utc(2026, 11, 24, 17, 20), NEW_YORK), "11:30 AM to 12:20 PM"),
        (p.format_span(utc(2026, 11, 24, 21, 0), utc(2026, 11, 24, 21, 50), NEW_YORK, "24h"), "16:00 to 16:50"),
        (
            p.format_span(utc(2026, 11, 25, 4, 30), utc(2026, 11, 25, 5, 30), NEW_YORK),
            "11:30 PM to 12:30 AM on Wednesday 25 November",
        ),
        (p.format_zone(NEW_YORK), "New York time"),
        (p.format_zone("America/Argentina/Buenos_Aires"), "Buenos Aires time"),
        (p.format_zone("America/Indiana/Knox"), "Knox, Indiana time"),
        (p.format_zone("UTC"), "UTC"),
        (p.format_money(14_000), "$140"),
        (p.format_money(6_250), "$62.50"),
        (p.format_money(140_000, "CHF"), "CHF 1,400"),
        (p.format_money(0), "Free"),
        (p.format_money(-500), "−$5"),
        (p.initials("Dr. Amara Osei"), "AO"),
        (p.initials("Sam"), "S"),
        (p.initials("élan de la cruz"), "ÉC"),
        (p.initials(""), "?"),
        (p.humanize_minutes(1), "1 minute"),
        (p.humanize_minutes(50), "50 minutes"),
        (p.humanize_minutes(75), "1 hour 15 minutes"),
        (p.humanize_minutes(2880), "2 days"),
        (p.humanize_minutes(0), "0 minutes"),
        (p.relative_day(date(2026, 11, 25), date(2026, 11, 24)), "Tomorrow"),
        (p.join_words(["Monday", "Tuesday", "Friday"]), "Monday, Tuesday and Friday"),
        (p.join_words(["Monday"]), "Monday"),
        (p.habit_of("en_US"), "12h"),
        (p.habit_of("de_DE"), "24h"),
    ],
)
def test_words(words, expected):
    assert words == expected
