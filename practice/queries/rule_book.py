"""The rule book, read with one statement: each rule is a JSON array, and all of them are of the same moment."""

import json
from datetime import date
from typing import Any

from sqlalchemy import Select, literal, select, union_all
from sqlalchemy.orm import Session

from practice import models
from practice.domain.regions import region_code
from practice.domain.rule_book import (
    Availability,
    Hours,
    Length,
    Licence,
    Location,
    Offer,
    PracticeRules,
    Room,
    RuleBook,
    Service,
    Therapist,
)
from practice.queries.expressions import json_row, minute_down, minute_up

Row = list[Any]
Parts = dict[str, list[Row]]


def read_rule_book(session: Session) -> RuleBook:
    """Return all rules as they are now, archived things left out. One statement; nothing is remembered."""
    parts: Parts = {}
    for (text,) in session.connection().execute(_STATEMENT):
        name, *row = json.loads(text)
        parts.setdefault(name, []).append(row)
    return _rule_book(parts)


def _rule_book(parts: Parts) -> RuleBook:
    practice = parts.get("practice", [["UTC", 0, 1, False, False]])[0]
    return RuleBook(
        revision=parts["revision"][0][0],
        practice=PracticeRules(
            practice[0], practice[1], practice[2], checks_licences=bool(practice[3]), gives_estimates=bool(practice[4])
        ),
        locations=_locations(parts),
        services=tuple(_service(row) for row in _in_order(parts, "service")),
        therapists=tuple(_therapist(row) for row in _in_order(parts, "therapist")),
        offers=tuple(Offer(row[0], row[1], bool(row[2]), bool(row[3]), row[4]) for row in parts.get("offer", [])),
        availability=tuple(_availability(row) for row in _sorted(parts, "availability")),
        date_hours=_date_hours(parts),
        time_off=tuple((row[0], (row[1], row[2])) for row in _sorted(parts, "time_off")),
        closures=tuple((row[0], (row[1], row[2])) for row in parts.get("closure", [])),
        lengths=tuple(Length(*row) for row in _sorted(parts, "length")),
        licences=tuple(_licence(row) for row in _sorted(parts, "licence")),
    )


def _sorted(parts: Parts, name: str) -> list[Row]:
    return sorted(parts.get(name, []), key=_key)


def _key(row: Row) -> tuple[tuple[bool, Any], ...]:
    return tuple((value is not None, value) for value in row)


def _in_order(parts: Parts, name: str) -> list[Row]:
    """Return the rows of a part by position and then slug or id: the first two columns, which are taken off."""
    return [row[1:] for row in sorted(parts.get(name, []), key=lambda row: (row[0], row[1]))]


def _locations(parts: Parts) -> tuple[Location, ...]:
    rooms: dict[int, list[Room]] = {}
    for room_id, resource_id, location_id, name, features in _in_order(parts, "room"):
        rooms.setdefault(location_id, []).append(Room(room_id, resource_id, location_id, name, _words(features)))
    return tuple(
        Location(id=row_id, slug=slug, zone=zone, name=name, rooms=tuple(rooms.get(row_id, ())))
        for slug, row_id, zone, name in _in_order(parts, "location")
    )


def _words(value: str | list[str]) -> frozenset[str]:
    return frozenset(json.loads(value) if isinstance(value, str) else value)


def _licence(row: Row) -> Licence:
    return Licence(row[0], region_code(row[1]), date.fromisoformat(row[2]) if row[2] else None)


def _service(row: Row) -> Service:
    return Service(
        slug=row[0], id=row[1], kind=row[2], audience=row[3], name=row[4], duration_minutes=row[5],
        before_minutes=row[6], after_minutes=row[7], step_minutes=row[8], capacity=row[9], price_cents=row[10],
        in_person=bool(row[11]), online=bool(row[12]), notice_minutes=row[13], window_days=row[14],
        needs_approval=bool(row[15]), needs_consultation=bool(row[16]), max_per_week=row[17],
        room_features=_words(row[18]),
    )  # fmt: skip


def _therapist(row: Row) -> Therapist:
    return Therapist(
        slug=row[0], id=row[1], resource_id=row[2], zone=row[3], listing=row[4], takes_new_clients=bool(row[5]),
        name=row[6], max_in_row=row[7], break_minutes=row[8], max_a_day=row[9], max_first_a_week=row[10],
        works_with_interpreter=bool(row[11]),
        supervisor_id=row[12],
    )  # fmt: skip


def _hours(row: Row) -> Hours:
    return Hours(row[0], row[1], row[2], row[3], bool(row[4]))


def _availability(row: Row) -> Availability:
    until = date.fromisoformat(row[8]) if row[8] else None
    return Availability(row[0], row[1], _hours(row[2:7]), date.fromisoformat(row[7]), until)


def _date_hours(parts: Parts) -> dict[tuple[int, date], tuple[Hours, ...]]:
    found: dict[tuple[int, date], tuple[Hours, ...]] = {}
    for therapist_id, on, *hours in _sorted(parts, "date_hours"):
        key = (therapist_id, date.fromisoformat(on))
        found[key] = (*found.get(key, ()), *((_hours(hours),) if hours[0] is not None else ()))
    return found


def _part(name: str, *columns: Any) -> Select[str]:
    return select(json_row(literal(name), *columns).label("rule"))


def _places(table: Any) -> tuple[Any, ...]:
    return table.start_minute, table.end_minute, table.zone, table.location_id, table.is_online


def _people_and_places() -> list[Select[str]]:
    location, room, therapist, licence = models.Location, models.Room, models.Therapist, models.Licence
    return [
        _part("location", location.position, location.slug, location.id, location.zone, location.name).where(
            location.archived_at.is_(None)
        ),
        _part("room", room.position, room.id, room.resource_id, room.location_id, room.name, room.features).where(
            room.archived_at.is_(None)
        ),
        _part(
            "therapist", therapist.position, therapist.slug, therapist.id, therapist.resource_id, therapist.zone,
            therapist.listing, therapist.takes_new_clients, therapist.name, therapist.max_in_row,
            therapist.break_minutes, therapist.max_a_day, therapist.max_first_a_week, therapist.works_with_interpreter,
            therapist.supervisor_id,
        ).where(therapist.archived_at.is_(None)),
        _part("licence", licence.therapist_id, licence.region, licence.expires_on),
    ]  # fmt: skip


def _services() -> list[Select[str]]:
    service, offer, length = models.Service, models.Offer, models.ServiceDuration
    return [
        _part(
            "service", service.position, service.slug, service.id, service.kind, service.audience, service.name,
            service.duration_minutes, service.before_minutes, service.after_minutes, service.step_minutes,
            service.capacity, service.price_cents, service.in_person, service.online, service.notice_minutes,
            service.window_days, service.needs_approval, service.needs_consultation, service.max_per_week,
            service.room_features,
        ).where(service.archived_at.is_(None)),
        _part("length", length.service_id, length.minutes, length.price_cents),
        _part("offer", offer.therapist_id, offer.service_id, offer.in_person, offer.online, offer.price_cents),
    ]  # fmt: skip


def _times() -> list[Select[str]]:
    weekly, single, span = models.Availability, models.DateHours, models.DateHoursSpan
    off, closure = models.TimeOff, models.Closure
    return [
        _part(
            "availability", weekly.therapist_id, weekly.weekday, *_places(weekly), weekly.valid_from, weekly.valid_until
        ),
        _part("date_hours", single.therapist_id, single.on_date, *_places(span)).outerjoin_from(
            single, span, span.date_hours_id == single.id
        ),
        _part("time_off", off.therapist_id, minute_down(off.starts_at), minute_up(off.ends_at)),
        _part("closure", closure.location_id, minute_down(closure.starts_at), minute_up(closure.ends_at)),
    ]


def _statement() -> Any:
    practice = models.Practice
    return union_all(
        _part("revision", models.RuleBookRevision.token),
        _part(
            "practice",
            practice.zone,
            practice.notice_minutes,
            practice.window_days,
            practice.checks_licences,
            practice.gives_estimates,
        ),
        *_people_and_places(),
        *_services(),
        *_times(),
    )


_STATEMENT = _statement()
