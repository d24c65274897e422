"""From a wall-clock time that somebody typed to an instant: some times come twice a year, and some never."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def instants_of(zone: str, on: date, minute_of_day: int) -> tuple[datetime, ...]:
    """Return every instant (aware, UTC, in order) at which the zone's clock shows a minute (0 to 1440) of a date.

    None in the hour that a clock skips, two in the hour that it shows twice, one otherwise.
    """
    tz = ZoneInfo(zone)
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minute_of_day)  # noqa: DTZ001 - a wall clock
    both = {wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(at for at in both if at.astimezone(tz).replace(tzinfo=None) == wall))
