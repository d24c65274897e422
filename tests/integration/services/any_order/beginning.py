"""Where each example of the machine begins: the cast, a group's date, a feed of each kind, and a guardian."""

from datetime import timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from practice.db import in_unit_of_work
from practice.domain.permissions import SYSTEM, Identity
from practice.models import (
    AccessKind,
    Account,
    Agreement,
    Appointment,
    AppointmentTherapist,
    Attendance,
    BookingRequest,
    CalendarFeed,
    Client,
    ClientAccess,
    ClientSearch,
    ClientTerm,
    Consent,
    Course,
    Decision,
    Estimate,
    Hold,
    Occupancy,
    Offer,
    OneTimeToken,
    OutboxMessage,
    Resource,
    Series,
    SeriesClient,
    Service,
)
from practice.queries.busy import current_rules
from practice.services.booking import book_appointment
from practice.services.clients import give_access
from practice.services.courses import NewCourse, make_course
from practice.services.finding import Wish
from practice.services.group_dates import NewDate
from tests.support.cast import MONDAY, NOW, TODAY, Cast, add_group_date, at

GROUP_AT = at(MONDAY, 14)
FEEDS = {"practice": "initials", "therapist": "full", "client": "appointment"}
# In the order in which they can go.
WRITTEN = (
    Consent, Estimate, Decision, BookingRequest, Agreement, OneTimeToken, Hold, Attendance, AppointmentTherapist,
    Occupancy, Appointment, SeriesClient, Series, Course, OutboxMessage,
)  # fmt: skip


def begin_anew(cast: Cast) -> None:
    """Take away what the example before left, and write a group's date; what stays is written once."""

    def work(session: Session) -> None:
        _take_away(session, cast)
        if "gus" not in cast.identities:
            _write_what_stays(session, cast)
        date = add_group_date(session, cast, GROUP_AT, capacity=2)
        date.minimum, date.decide_at, date.below_minimum = 2, GROUP_AT - timedelta(hours=6), "cancel"

    in_unit_of_work(work)
    in_unit_of_work(lambda session: _book(session, cast))


def _book(session: Session, cast: Cast) -> None:
    """Alice is with Bob and Charlie with Bea at one hour, and there is a course: something to change."""
    rules = current_rules(session)
    room = next(one for place in rules.locations for one in place.rooms)
    group, lead = rules.service_by_id[cast.group], rules.therapist_by_id[cast.bea]
    dates = [NewDate(group, lead, room, MONDAY + timedelta(days=on), 15 * 60 + 30, 1) for on in (0, 1, 2)]
    make_course(session, rules, NewCourse("", "both", dates), by=cast.identity("dee"), now=NOW)
    for who, therapist in (("alice", cast.bob), ("charlie", cast.bea)):
        wish = Wish(cast.individual, therapist, at(MONDAY, 10), "in_person")
        book_appointment(session, rules, wish, [cast.parties[who]], by=cast.identity("dee"), now=NOW)


def _take_away(session: Session, cast: Cast) -> None:
    session.execute(update(Series).values(follows_id=None))
    for model in WRITTEN:
        session.execute(delete(model))
    kept = [party.id for party in cast.parties.values()]
    gone = session.scalars(select(Client.resource_id).where(Client.id.not_in(kept))).all()
    for model in (ClientTerm, ClientSearch, ClientAccess):
        session.execute(delete(model).where(model.client_id.not_in(kept)))
    session.execute(delete(Client).where(Client.id.not_in(kept)))
    session.execute(delete(Resource).where(Resource.id.in_(gone)))


def _write_what_stays(session: Session, cast: Cast) -> None:
    """Write the feeds, a service that is asked for, and Gus, who is a guardian of Alice and is not written to."""
    cast.asked_for = _service_that_needs_a_yes(session, cast)  # type: ignore[attr-defined]
    owners = {"practice": None, "therapist": cast.resources["bob"], "client": cast.alice.resource_id}
    session.execute(
        insert(CalendarFeed),
        [
            {"kind": kind, "level": level, "resource_id": owners[kind], "name": kind, "created_at": NOW,
             "token_hash": kind.encode()}
            for kind, level in FEEDS.items()
        ],
    )  # fmt: skip
    gus = Account(email="gus@demo.test", name="Gus", created_at=NOW, email_proven_at=NOW)
    session.add(gus)
    session.flush()
    give_access(session, gus, cast.alice, AccessKind.GUARDIAN, by=SYSTEM, now=NOW, today=TODAY, is_written_to=False)
    alice = frozenset({cast.alice.id})
    cast.identities["gus"] = Identity(
        kind="account", id=gus.public_id, name="Gus", account_id=gus.id, permissions=cast.identity("alice").permissions,
        client_ids=alice, books_for=alice, guards=alice,
    )  # fmt: skip


def _service_that_needs_a_yes(session: Session, cast: Cast) -> int:
    service = Service(
        slug="asked-for", name="Session that is asked for", kind="individual", audience="public", needs_approval=True,
        duration_minutes=50, after_minutes=10, step_minutes=30, capacity=1, price_cents=14000,
    )  # fmt: skip
    session.add(service)
    session.flush()
    session.add_all(Offer(therapist_id=one, service_id=service.id) for one in (cast.bob, cast.bea))
    return service.id
