"""How dates, times, zones, money and names are written on a page: pure functions, also registered as Jinja filters.

Dates read "Tuesday 24 November". Times follow the practice's habit: "5:00 PM" or "17:00".
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import phonenumbers
from flask import Flask

Habit = Literal["12h", "24h"]

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
COUNTRIES_WITH_12_HOURS: Final = frozenset({"US", "CA", "AU", "NZ", "IN", "PH", "PK", "EG", "MX", "CO"})
SYMBOLS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "$", "AUD": "$", "NZD": "$"}


def habit_of(locale: str) -> Habit:
    """Whether people of ``locale`` ("en_US") read the clock in 12 or 24 hours."""
    country = locale.replace("-", "_").rpartition("_")[2].upper()
    return "12h" if country in COUNTRIES_WITH_12_HOURS else "24h"


def format_day(day: date, *, relative_to: date | None = None) -> str:
    """ "Tuesday 24 November"; with ``relative_to`` the year is added where it is another one."""
    words = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    if relative_to is not None and relative_to.year != day.year:
        return f"{words} {day.year}"
    return words


def format_date(day: date) -> str:
    """ "24 November 2026", for birth dates and records."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_days(first: date, last: date) -> str:
    """ "24 to 27 November", "28 November to 2 December"; both ends belong to it."""
    if first == last:
        return format_day(first)
    if first.year != last.year:
        return f"{format_date(first)} to {format_date(last)}"
    if first.month != last.month:
        return f"{first.day} {MONTHS[first.month - 1]} to {last.day} {MONTHS[last.month - 1]}"
    return f"{first.day} to {last.day} {MONTHS[last.month - 1]}"


@lru_cache(maxsize=4096)
def format_minute(minute: int, habit: Habit = "12h") -> str:
    """A minute of the wall-clock day (0 to 1440): "5:00 PM" or "17:00"; 1440 is midnight at the day's end."""
    hour, rest = divmod(minute, 60)
    if habit == "24h":
        return f"{hour:02}:{rest:02}"
    half = "AM" if hour % 24 < 12 else "PM"
    return f"{hour % 12 or 12}:{rest:02} {half}"


def format_time(moment: datetime, zone: str, habit: Habit = "12h") -> str:
    """The time of an aware ``moment`` on the clocks of ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    return format_minute(local.hour * 60 + local.minute, habit)


def format_moment(moment: datetime, zone: str, habit: Habit = "12h") -> str:
    """ "Tuesday 24 November, 5:00 PM"."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_day(local.date())}, {format_minute(local.hour * 60 + local.minute, habit)}"


def format_span(start: datetime, end: datetime, zone: str, habit: Habit = "12h") -> str:
    """ "4:00 to 4:50 PM", "11:30 AM to 12:20 PM", "16:00 to 16:50"; a span over midnight names its last day."""
    first, last = (format_time(moment, zone, habit) for moment in (start, end))
    place = ZoneInfo(zone)
    last_day = end.astimezone(place).date()
    if start.astimezone(place).date() != last_day:
        return f"{first} to {last} on {format_day(last_day)}"
    if habit == "12h" and first[-2:] == last[-2:]:
        first = first[:-3]
    return f"{first} to {last}"


@lru_cache(maxsize=1024)
def format_zone(zone: str) -> str:
    """ "New York time"."""
    if zone in {"UTC", "Etc/UTC", "Etc/GMT", "GMT"}:
        return "UTC"
    return f"{zone_city(zone)} time"


def zone_city(zone: str) -> str:
    """The place that names a zone: "New York", "Knox, Indiana"."""
    parts = [part.replace("_", " ") for part in zone.split("/")]
    if len(parts) == 3 and parts[1] in {"Indiana", "Kentucky", "North Dakota"}:
        return f"{parts[2]}, {parts[1]}"
    return parts[-1]


def format_money(cents: int, currency: str = "USD") -> str:
    """ "$140", "$62.50", "CHF 140": whole amounts without their zeros, and "Free" for nothing."""
    if cents == 0:
        return "Free"
    whole, rest = divmod(abs(cents), 100)
    amount = f"{whole:,}.{rest:02}" if rest else f"{whole:,}"
    sign = "−" if cents < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{amount}" if symbol else f"{sign}{currency} {amount}"


def format_phone(number: str, country: str = "US") -> str:
    """ "(212) 555-0100" at home, "+44 20 7946 0000" from abroad; what is no number stays as it is."""
    try:
        found = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return number
    is_home = phonenumbers.country_code_for_region(country) == found.country_code
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(found, style))


def initials(name: str) -> str:
    """ "AO" for "Dr. Amara Osei": the first and the last name's letters, titles left out."""
    words = [word for word in name.split() if word.rstrip(".").lower() not in {"dr", "mr", "mrs", "ms", "mx", "prof"}]
    if not words:
        return "?"
    ends = words if len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def humanize_minutes(minutes: int) -> str:
    """ "50 minutes", "1 hour", "1 hour 15 minutes", "2 days"."""
    days, rest = divmod(minutes, 24 * 60)
    if days and not rest:
        return _count(days, "day")
    hours, rest = divmod(minutes, 60)
    parts = [_count(hours, "hour")] if hours else []
    if rest or not parts:
        parts.append(_count(rest, "minute"))
    return " ".join(parts)


def relative_day(day: date, today: date) -> str:
    """ "Today", "Tomorrow" or the day in full."""
    near = {today: "Today", today + timedelta(days=1): "Tomorrow"}
    return near.get(day) or format_day(day, relative_to=today)


def join_words(words: list[str], last: str = "and") -> str:
    """ "Monday, Tuesday and Friday"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def register_filters(app: Flask) -> None:
    """Offer these functions to the templates of ``app`` as filters: ``{{ slot.starts_at | format_time(zone) }}``."""
    for function in (
        format_date,
        format_day,
        format_days,
        format_minute,
        format_moment,
        format_money,
        format_phone,
        format_span,
        format_time,
        format_zone,
        habit_of,
        humanize_minutes,
        initials,
        join_words,
        relative_day,
    ):
        app.jinja_env.filters[function.__name__] = function
