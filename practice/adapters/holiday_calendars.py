"""Public holidays of countries and their regions, from the library ``holidays``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

ENGLISH = ("en_US", "en_GB", "en_CA", "en_AU", "en_IE")


@dataclass(frozen=True, slots=True)
class Holiday:
    """One date of a calendar. ``key`` names it for good: "US-NY:2026-12-25"."""

    key: str
    name: str
    on: date


def regions_of(country: str) -> Mapping[str, str]:
    """Return the regions of a country whose holidays differ, by their code: {"NY": "New York"}."""
    kind = getattr(_library(), country)
    longest: dict[str, str] = {code: code for code in kind.subdivisions}
    for name, code in kind.subdivisions_aliases.items():
        if len(name) > len(longest[code]) or longest[code] == code:
            longest[code] = name
    return dict(sorted(longest.items(), key=lambda pair: pair[1]))


@lru_cache(maxsize=64)
def holidays_of(country: str, region: str, year: int) -> tuple[Holiday, ...]:
    """Return the public holidays of a year, of the whole country where ``region`` is "", in order of time."""
    calendar = f"{country}-{region}" if region else country
    found = _library().country_holidays(country, subdiv=region or None, years=year, language=_language(country))
    return tuple(
        Holiday(f"{calendar}:{on.isoformat()}", name.replace("; ", ", "), on)
        for on, name in sorted(found.items())
        if on.year == year
    )


def _language(country: str) -> str | None:
    known = getattr(_library(), country).supported_languages
    return next((each for each in ENGLISH if each in known), None)


@lru_cache(maxsize=1)
def _library() -> Any:
    """Return the library. It is large, and few processes ever need it: it is read when it is first asked for."""
    return import_module("holidays")
