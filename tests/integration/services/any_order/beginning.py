"""Where each example of the machine begins: the cast, a group's date, a feed of each kind, and a guardian."""

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
    OneTimeToken,
    OutboxMessage,
    Resource,
    Series,
    SeriesClient,
)
from practice.services.clients import give_access
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
        add_group_date(session, cast, GROUP_AT, capacity=2)

    in_unit_of_work(work)


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
    """Write the feeds, and Gus, who is a guardian of Alice and is not written to."""
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
