"""Dates as people type them at a desk: "3/27/1987", "27.3.87", "27 March 1987", "1987-03-27"."""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|((?:19|20)\d{2})(\d{2})(\d{2})", re.ASCII)
NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})|(\d{2})(\d{2})(\d{4})", re.ASCII)
DAY_MONTH = re.compile(r"(\d{1,2})\.?[- ]?([a-z]{3,9})\.?,?[- ]?(\d{4}|\d{2})", re.ASCII)
MONTH_DAY = re.compile(r"([a-z]{3,9})\.? ?(\d{1,2}),? (\d{4}|\d{2})", re.ASCII)
OLDEST = 1900


def typed_dates(text: str, today: date, *, month_first: bool) -> list[date]:
    """Return the dates until ``today`` that a text can mean, the likeliest first; none where it is no date.

    Numbers are read in the practice's order, and in the other one where that gives no date. Points always put the day
    first. A year of two digits is the nearest past one.
    """
    text = " ".join(text.lower().split())
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = (int(each) for each in found.groups() if each)
        if real := _real([(year, month, day)], today):
            return real
    if found := DAY_MONTH.fullmatch(text):
        return _named(found[2], found[1], found[3], today)
    if found := MONTH_DAY.fullmatch(text):
        return _named(found[1], found[2], found[3], today)
    found = NUMBERS.fullmatch(text)
    if found is None:
        return []
    mark, year_text = found[2] or "", found[4] or found[7]
    one, two = int(found[1] or found[5]), int(found[3] or found[6])
    orders = [(one, two), (two, one)] if month_first and mark != "." else [(two, one), (one, two)]
    for month, day in orders:
        if real := _real([(year, month, day) for year in _years(year_text, today)], today):
            return real
    return []


def _named(name: str, day: str, year: str, today: date) -> list[date]:
    month = MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0
    return _real([(each, month, int(day)) for each in _years(year, today)], today)


def _years(text: str, today: date) -> list[int]:
    if len(text) == 4:
        return [int(text)]
    century = today.year // 100 * 100
    return [century + int(text), century - 100 + int(text)]


def _real(dates: list[tuple[int, int, int]], today: date) -> list[date]:
    found = []
    for year, month, day in dates:
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if on <= today and year >= OLDEST:
            found.append(on)
    return found
