"""How calendars name one session of a series."""

from datetime import datetime
from zoneinfo import ZoneInfo

from practice.adapters.ical_export import Instance
from practice.domain.series import Rule


def instance_of(rule: Rule, original: datetime | None) -> Instance | None:
    """Return which session of a series it is: the series' own wall time of its date, also where a clock skips it."""
    if original is None:
        return None
    on = rule.date_of(original)
    if on is not None:
        return Instance(rule.zone, on, rule.start_minute)
    wall = original.astimezone(ZoneInfo(rule.zone))
    return Instance(rule.zone, wall.date(), wall.hour * 60 + wall.minute)
