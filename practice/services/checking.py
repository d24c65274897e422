"""Tests every invariant on the live database, and says in a line each which do not hold."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, Table, func, select, text
from sqlalchemy.orm import Session

from practice.adapters.migrations import is_at_head
from practice.adapters.vault import Vault, VaultError
from practice.models import Base, Client
from practice.models.triggers import postgresql_triggers, sqlite_triggers
from practice.queries.invariants import invariants
from practice.queries.series_checks import overfull, wrong_dates
from practice.services.audit_chain import MasterKeys, broken_links
from practice.services.checking_people import changed_texts, guardians_of_grown_ups
from practice.services.findable import wrongly_findable

EXAMPLES = 5
SAMPLE = 5_000


def broken_invariants(
    session: Session,
    *,
    vault: Vault,
    master_keys: MasterKeys,
    opens_all: bool = False,
    now: datetime | None = None,
) -> Iterator[str]:
    """Yield a line for each invariant that does not hold; nothing where all do. Changes nothing.

    What is sealed, and what finds clients, is looked at for all of them, or for about 5,000 where there are more and
    ``opens_all`` is off. Ages are looked at as of ``now``, where it is given.
    """
    if not is_at_head(session.connection()):
        yield "The schema is not up to date: run `flask --app app db upgrade`"
        return
    yield from _guards(session)
    yield from _integrity(session)
    yield from _foreign_keys(session)
    for invariant in invariants():
        yield from _line(invariant.sentence, invariant.subject, session.scalars(invariant.rows.distinct()))
    yield from _line("An audit event does not follow from the one before", "event", broken_links(session, master_keys))
    every = 1 if opens_all else max(1, (session.scalar(select(func.count()).select_from(Client)) or 0) // SAMPLE)
    yield from _line("A session of a series is on no date of it", "appointment", wrong_dates(session))
    yield from _line("A series has more sessions than it is for", "series", overfull(session))
    wrong = wrongly_findable(session, every=every)
    yield from _line("A client is found by something else than their names, address and number", "client", wrong)
    yield from _sealed(session, vault, every=every)
    yield from _line("A published text is not what it was", "agreement", changed_texts(session))
    if now is not None:
        grown = guardians_of_grown_ups(session, vault, now)
        yield from _line("A guardian acts for somebody who is of age", "access", grown)


def _line(sentence: str, subject: str, found: Iterable[object]) -> Iterator[str]:
    """Yield a line with the first few of what was found, or none where there is nothing."""
    rows = iter(found)
    first = [str(one) for one in islice(rows, EXAMPLES)]
    if first:
        more = sum(1 for _ in rows)
        yield f"{sentence}: {subject} {', '.join(first)}" + (f" and {more} more" if more else "")


def _guards(session: Session) -> Iterator[str]:
    """The triggers and the constraint that protect everything else must be in place."""
    if session.get_bind().dialect.name == "sqlite":
        wanted = set(sqlite_triggers())
        there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = {*postgresql_triggers(), "ex_occupancy_no_overlap"}
        there = (
            "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D' AND NOT tgisinternal "
            "UNION SELECT conname FROM pg_constraint WHERE convalidated"
        )
    missing = wanted - set(session.scalars(text(there)))
    yield from _line("The database has lost a guard", "missing", sorted(missing))


def _integrity(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name == "sqlite":
        problems = [row for row in session.scalars(text("PRAGMA integrity_check")) if row != "ok"]
        yield from _line("The database file is damaged", "found", problems)


def _foreign_keys(session: Session) -> Iterator[str]:
    for table in Base.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            element = constraint.elements[0]
            parent = element.column.table.alias("parent")
            column, target = element.parent, parent.c[element.column.name]
            rows: Select[Any] = (
                select(column)
                .select_from(table.outerjoin(parent, column == target))
                .where(column.is_not(None), target.is_(None))
                .distinct()
            )
            sentence = f"{table.name}.{column.name} points at a row that is not there"
            yield from _line(sentence, element.column.table.name, session.scalars(rows))


def _sealed(session: Session, vault: Vault, *, every: int) -> Iterator[str]:
    client: Any = Client.__table__
    sealed = [column for column in client.columns if column.name.endswith("_sealed")]
    keyless = select(client.c.id).where(client.c.wrapped_key.is_(None), client.c.erased_at.is_(None))
    yield from _line("A client who was not erased has no key", "client", session.scalars(keyless))
    yield from _line(
        "Something sealed does not open with its client's key",
        "client",
        _unopened(session, vault, client, [column.name for column in sealed], every),
    )


def _unopened(session: Session, vault: Vault, client: Table, names: list[str], every: int) -> Iterator[str]:
    chosen = client.c.id % every == 0
    wanted = select(client.c.id, client.c.public_id, client.c.wrapped_key, *(client.c[name] for name in names))
    page, last = wanted.where(chosen).order_by(client.c.id).limit(SAMPLE), 0
    while rows := session.execute(page.where(client.c.id > last)).mappings().all():
        for row in rows:
            for name in names:
                if row[name] is not None and not _opens(vault, row, name):
                    yield f"{row['id']} ({name})"
        last = rows[-1]["id"]


def _opens(vault: Vault, row: Any, name: str) -> bool:
    try:
        vault.open(row["wrapped_key"], "client", row["public_id"], name.removesuffix("_sealed"), row[name])
    except VaultError:
        return False
    return True
