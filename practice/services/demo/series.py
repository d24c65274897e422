"""The demo's own clients come every week: their sessions are series, one of them without an end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from practice.domain.intervals import instant
from practice.domain.series import Rule
from practice.models import Series, SeriesClient
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import DEMO_CHILD, DEMO_CLIENT, Session
from practice.services.demo.house import SERVICE_ID
from practice.services.demo.plan import Plan
from practice.services.demo.practice import Team

WEEKDAYS: Mapping[int, int] = {DEMO_CLIENT: 0, DEMO_CHILD: 2}  # as the diary keeps their times
LED_BY, OPEN_ENDED = 0, DEMO_CHILD


@dataclass(frozen=True, slots=True)
class Repeated:
    """One series: its number, whose it is, when, and which sessions belong to it, by their places among all."""

    number: int
    client: int
    rule: Rule
    first: Session
    members: tuple[int, ...]


def repeated_sessions(team: Team, sessions: Sequence[Session]) -> list[Repeated]:
    """Return the series of the demo's own clients, as far as their sessions lie on the dates of one rule."""
    caseload = team.caseload(LED_BY)
    found: list[Repeated] = []
    for who, weekday in WEEKDAYS.items():
        if len(caseload) < 2:
            break
        client = caseload[who]
        own = [
            (at, session, _wall(session))
            for at, session in enumerate(sessions)
            if session.therapist == LED_BY and session.is_live and [one for one, _ in session.seats] == [client]
        ]
        regular = [each for each in own if each[2].weekday() == weekday]
        minutes = Counter(_minute(wall) for _, _, wall in regular)
        if not minutes:
            continue
        minute = minutes.most_common(1)[0][0]
        members = [each for each in regular if _minute(each[2]) == minute]
        first = members[0][1]
        rule = Rule(
            zone=first.zone,
            start_minute=minute,
            starts_on=members[0][2].date(),
            times=None if who == OPEN_ENDED else len(members),
        )
        fitting = [at for at, session, _ in members if rule.date_of(instant(session.start))]
        found.append(Repeated(len(found) + 1, client, rule, first, tuple(fitting)))
    return found


def series_columns(repeated: Sequence[Repeated], session: Session, at: int) -> tuple[int | None, datetime | None]:
    """Return an appointment's series, and its start in it."""
    number = next((each.number for each in repeated if at in each.members), None)
    return number, None if number is None else instant(session.start)


def make_series(plan: Plan, repeated: Sequence[Repeated]) -> list[Batch]:
    """Return the rows of the series and of who comes to them."""
    rows = [_row(plan, each) for each in repeated]
    people = [{"series_id": each.number, "client_id": each.client + 1} for each in repeated]
    return [from_dicts(Series.__table__, rows), from_dicts(SeriesClient.__table__, people)]


def _row(plan: Plan, each: Repeated) -> dict[str, object]:
    rule, made_at = each.rule, plan.now - timedelta(days=60)
    return {
        "id": each.number,
        "public_id": plan.public_id("series", each.number),
        "uid": plan.uid("series", each.number),
        "zone": rule.zone,
        "every_weeks": 1,
        "starts_on": rule.starts_on,
        "service_id": SERVICE_ID[each.first.service.slug],
        "therapist_id": LED_BY + 1,
        "modality": "online" if each.first.place is None else "in_person",
        "location_id": None if each.first.place is None else each.first.place + 1,
        "start_minute": rule.start_minute,
        "duration_minutes": each.first.service.minutes,
        "times": rule.times,
        "skips_closures": True,
        "filled_until": plan.last,
        "created_at": made_at,
        "revised_at": made_at,
        "sequence": 0,
    }


def _wall(session: Session) -> datetime:
    return instant(session.start).astimezone(ZoneInfo(session.zone))


def _minute(wall: datetime) -> int:
    return wall.hour * 60 + wall.minute
