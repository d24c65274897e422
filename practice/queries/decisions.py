"""What waits for a therapist to decide, with all that a page shows of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from practice.models import Account, Appointment, Client, Decision, Series, SeriesClient, Therapist
from practice.queries.appointments import appointments_by_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, whom it is put to, what it is about, and who answered it ("" where nobody did).

    ``clients`` are those of a series.
    """

    decision: Decision
    therapist: str
    answered_by: str
    appointment: Appointment | None
    series: Series | None
    clients: Sequence[Client] = ()


def decisions_listed(session: Session, *, therapist_id: int | None, page: int, per_page: int) -> list[Asked]:
    """Return a page of open questions, of one therapist or of all, and one more where another page follows.

    What is due first comes first, what waits for ever last. At most seven statements, however long the page is.
    """
    wanted = _statement().where(Decision.decided_at.is_(None))
    if therapist_id is not None:
        wanted = wanted.where(Decision.therapist_id == therapist_id)
    order = (Decision.due_at.is_(None), Decision.due_at, Decision.id)
    rows = session.execute(wanted.order_by(*order).offset((page - 1) * per_page).limit(per_page + 1)).all()
    return _with_subjects(session, rows)


def decision_by_public_id(session: Session, public_id: str, *, therapist_id: int | None) -> Asked | None:
    """Return a question, answered or not: of one therapist, or of anybody where ``therapist_id`` is None."""
    wanted = _statement().where(Decision.public_id == public_id)
    if therapist_id is not None:
        wanted = wanted.where(Decision.therapist_id == therapist_id)
    return next(iter(_with_subjects(session, session.execute(wanted).all())), None)


def _statement() -> Select[Decision, str, str]:
    return (
        select(Decision, Therapist.name, func.coalesce(Account.name, ""))
        .join(Therapist, Therapist.id == Decision.therapist_id)
        .outerjoin(Account, Account.id == Decision.decided_by)
    )


def _with_subjects(session: Session, rows: Sequence[Any]) -> list[Asked]:
    appointments = {row[0].appointment_id for row in rows} - {None}
    series = {row[0].series_id for row in rows} - {None}
    events = {each.id: each for each in appointments_by_id(session, appointments)} if appointments else {}
    found = {each.id: each for each in session.scalars(select(Series).where(Series.id.in_(series)))} if series else {}
    clients = _clients(session, found) if found else {}
    return [
        Asked(
            row[0],
            row[1],
            row[2],
            events.get(row[0].appointment_id),
            found.get(row[0].series_id),
            clients.get(row[0].series_id, ()),
        )
        for row in rows
    ]


def _clients(session: Session, series_ids: Iterable[int]) -> Mapping[int, Sequence[Client]]:
    """Return who comes to each series."""
    clients: dict[int, list[Client]] = defaultdict(list)
    rows = session.execute(
        select(SeriesClient.series_id, Client)
        .join(Client, Client.id == SeriesClient.client_id)
        .where(SeriesClient.series_id.in_(series_ids))
        .order_by(SeriesClient.client_id)
    )
    for series_id, client in rows:
        clients[series_id].append(client)
    return clients
