"""Rows of what stands still: the practice, its places, services, therapists and their hours."""

from typing import Any

from practice.domain.intervals import instant
from practice.domain.rule_book import Hours
from practice.models import (
    Availability,
    Closure,
    DateHours,
    DateHoursSpan,
    Location,
    Offer,
    Practice,
    Room,
    Service,
    ServiceDuration,
    Therapist,
    TimeOff,
)
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import circles
from practice.services.demo.catalogue import PLACES, PRACTICE, SERVICES, ServiceSpec
from practice.services.demo.groups import service_words
from practice.services.demo.plan import ZONE, Plan
from practice.services.demo.portraits import make_images, make_licences, photo_id
from practice.services.demo.practice import Closed, Member, Team

SUPERVISOR = 2  # the second therapist; associates come after them
SERVICE_ID = {service.slug: number for number, service in enumerate(SERVICES, 1)}


def make_house(plan: Plan, team: Team, closed: Closed, therapist_account: int) -> list[Batch]:
    """Return the rows, in the order in which they refer to each other. ``therapist_account`` is the first one's."""
    return [
        from_dicts(Practice.__table__, [_practice(plan)]),
        from_dicts(Location.__table__, [_location(plan, n) for n in range(len(PLACES))]),
        from_dicts(Room.__table__, [_room(plan, team, n) for n in range(len(team.rooms))]),
        from_dicts(Service.__table__, [_service(plan, n, one) for n, one in enumerate(SERVICES)]),
        from_dicts(ServiceDuration.__table__, _durations()),
        make_images(plan),
        from_dicts(Therapist.__table__, [_therapist(plan, one, therapist_account) for one in team.members]),
        make_licences(plan, team),
        from_dicts(Offer.__table__, _offers(team)),
        from_dicts(Availability.__table__, _availability(plan, team)),
        *_single_dates(plan, team),
        from_dicts(TimeOff.__table__, _time_off(plan, closed)),
        from_dicts(Closure.__table__, _closures(plan, closed)),
    ]


def room_resource(team: Team, room: int) -> int:
    """Return a room's resource id: therapists come first, then rooms, then clients."""
    return len(team.members) + room + 1


def _practice(plan: Plan) -> dict[str, Any]:
    defaults = {
        "notice_minutes": 24 * 60,
        "window_days": 90,
        "free_cancel_hours": 24,
        "hold_minutes": 15,
        "request_minutes": 60,
        "allows_full_names_in_feeds": False,
    }
    return {"id": 1, **PRACTICE, "zone": ZONE, **defaults, "is_demo": True, "created_at": plan.now}


def _location(plan: Plan, number: int) -> dict[str, Any]:
    place = PLACES[number]
    return {
        "id": number + 1,
        "public_id": plan.public_id("location", number),
        "slug": place.slug,
        "name": place.name,
        "address": place.address,
        "zone": ZONE,
        "directions": place.directions,
        "position": number,
    }


def _room(plan: Plan, team: Team, number: int) -> dict[str, Any]:
    room = team.rooms[number]
    return {
        "id": number + 1,
        "public_id": plan.public_id("room", number),
        "location_id": room.place + 1,
        "resource_id": room_resource(team, number),
        "name": room.name,
        "features": list(room.features),
        "position": number,
    }


def _service(plan: Plan, number: int, service: ServiceSpec) -> dict[str, Any]:
    return {
        "id": number + 1,
        "public_id": plan.public_id("service", number),
        "slug": service.slug,
        "name": service.name,
        "kind": service.kind,
        "audience": service.audience,
        "about": service.about,
        "what_to_expect": service.expect,
        "duration_minutes": service.minutes,
        "before_minutes": service.before,
        "after_minutes": service.after,
        "step_minutes": service.step,
        "capacity": service.capacity,
        "price_cents": service.price_cents,
        "in_person": service.in_person,
        "online": service.online,
        "position": number,
        "needs_approval": service.needs_approval,
        **service_words(service.slug),
    }


def _durations() -> list[dict[str, Any]]:
    return [
        {"service_id": SERVICE_ID[service.slug], "minutes": minutes, "price_cents": price_cents}
        for service in SERVICES
        for minutes, price_cents in service.lengths
    ]


def _therapist(plan: Plan, member: Member, account_id: int) -> dict[str, Any]:
    spec = member.spec
    return {
        "id": member.index + 1,
        "public_id": plan.public_id("therapist", member.index),
        "slug": member.slug,
        "resource_id": member.index + 1,
        "account_id": account_id if member.index == 0 else None,
        "name": member.name,
        "credentials": spec.credentials,
        "pronouns": spec.pronouns,
        "about": spec.about,
        "helps_with": list(spec.helps_with),
        "approaches": list(spec.approaches),
        "languages": list(spec.languages),
        "zone": spec.zone,
        "listing": spec.listing,
        "takes_new_clients": spec.takes_new_clients,
        "position": member.index,
        "photo_id": photo_id(member.index),
        "supervisor_id": SUPERVISOR if spec.is_associate else None,
        "works_with_interpreter": spec.works_with_interpreter,
    }


def _offers(team: Team) -> list[dict[str, Any]]:
    offered = {(m.index, slug): ways for m in team.members for slug, ways in m.spec.offers.items()}
    for circle in circles(team):
        for index in (circle.lead, circle.co_lead):
            if index is not None:
                offered.setdefault((index, circle.service.slug), (circle.service.in_person, circle.service.online))
    return [
        {"therapist_id": index + 1, "service_id": SERVICE_ID[slug], "in_person": in_person, "online": online}
        for (index, slug), (in_person, online) in offered.items()
    ]


def _place(hours: Hours) -> dict[str, Any]:
    return {
        "start_minute": hours.start_minute,
        "end_minute": hours.end_minute,
        "zone": hours.zone,
        "location_id": None if hours.location_id is None else hours.location_id + 1,
        "is_online": hours.is_online,
    }


def _availability(plan: Plan, team: Team) -> list[dict[str, Any]]:
    weekly = [row for member in team.members for row in member.weekly]
    return [
        {
            "id": number + 1,
            "public_id": plan.public_id("availability", number),
            "therapist_id": row.therapist_id + 1,
            "weekday": row.weekday,
            **_place(row.hours),
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
        }
        for number, row in enumerate(weekly)
    ]


def _single_dates(plan: Plan, team: Team) -> list[Batch]:
    dates: list[dict[str, Any]] = []
    spans: list[dict[str, Any]] = []
    for member in team.members:
        for on, rows in member.replaced.items():
            public_id = plan.public_id("date_hours", len(dates))
            dates.append(
                {"id": len(dates) + 1, "public_id": public_id, "therapist_id": member.index + 1, "on_date": on}
            )
            spans.extend({"date_hours_id": len(dates), **_place(hours)} for hours in rows)
    return [from_dicts(DateHours.__table__, dates), from_dicts(DateHoursSpan.__table__, spans)]


def _time_off(plan: Plan, closed: Closed) -> list[dict[str, Any]]:
    return [
        {
            "id": number + 1,
            "public_id": plan.public_id("time_off", number),
            "therapist_id": member + 1,
            "starts_at": instant(span[0]),
            "ends_at": instant(span[1]),
            "note": note,
        }
        for number, (member, span, note) in enumerate(closed.time_off)
    ]


def _closures(plan: Plan, closed: Closed) -> list[dict[str, Any]]:
    return [
        {
            "id": number + 1,
            "public_id": plan.public_id("closure", number),
            "location_id": None if place is None else place + 1,
            "name": name,
            "starts_at": instant(span[0]),
            "ends_at": instant(span[1]),
        }
        for number, (place, span, name) in enumerate(closed.closures)
    ]
