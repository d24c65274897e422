"""Finds clients among very many by what was typed: terms lead to few of them, or the latest are looked through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, case, func, or_, select, true, union
from sqlalchemy.orm import Session

from practice.domain.searching import Need, Query, name_query
from practice.domain.spelling import distance_typed, sound_of
from practice.models import Client, ClientSearch, ClientTerm
from practice.queries.terms import Range, nearby, sizes

COMMON = 600  # so many, and looking through the latest clients is cheaper than gathering all
LATEST = 3_000  # of whom an answer is certain to hold the best; others join it where there is room
FEW = 5  # found with what was typed as it stands: then other spellings are tried too
SOME = 2_000  # of those who are not among the latest, where there is room
ENOUGH = 60  # of them are compared letter by letter, where they are many
LONG = 6  # letters from which two of them may be wrong
SOUNDS_ALIKE, FAR = 3, 99

Fits = Callable[[Need, Any], ColumnElement[bool]]
Marks = Callable[[date], Sequence[bytes]]
# Past the ORM: lines are only compared.
_LINE: Any = ClientSearch.__table__
_TERM: Any = ClientTerm.__table__


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ids, best first, and whether another page follows; those from ``near`` on are only spelt alike."""

    client_ids: list[int]
    has_more: bool = False
    near: int = 0


@dataclass(frozen=True, slots=True)
class _Lines:
    """Some of the lines that are compared: their columns, and where they come from."""

    c: Any
    source: Any


def found_clients(
    session: Session, queries: Sequence[Query], marks: Marks, *, page: int = 1, per_page: int = 20
) -> Found:
    """Return the clients who are meant: whole words first, then who was or will be here last.

    ``queries`` are what the text can mean; ``marks`` turns a birth date into what is stored of it. The first page of
    very many is chosen among the latest clients, so that its cost has a limit; later pages read them all. Other
    spellings are tried where few are found. At most nine statements.
    """
    ids: list[int] = []
    for query in queries:
        ids += _new(_straight(session, query, marks, page, per_page), ids)
        if ids and query.email:
            break  # it was the beginning of an address, and no words
    near = min(len(ids), per_page)
    if page == 1 and len(ids) < FEW and not (ids and len(queries) > 1):
        for query in queries:
            if any(need.is_name for need in query.needs) and not query.birth_dates and not query.email:
                ids += _new(_near(session, query, per_page), ids)
    return Found(ids[:per_page], len(ids) > per_page, near)


def namesakes(session: Session, name: str, *, limit: int) -> Found:
    """Return clients whose name has all the words of ``name``, then those with similar ones. At most six statements."""
    query = name_query(name)
    if query.is_empty:
        return Found([])
    whole = [(need.exact,) for need in query.needs]
    counts = sizes(session, whole, COMMON)
    ids = _Asking(session, query, 1, limit).best(whole[counts.index(min(counts))], min(counts), _is_whole)
    near = len(ids)
    if near < limit and any(need.is_name for need in query.needs):
        ids += _new(_near(session, query, limit), ids)
    return Found(ids[:limit], len(ids) > limit, min(near, limit))


def latest_clients(session: Session, *, page: int = 1, per_page: int = 20) -> Found:
    """Return the clients who were or will be here last. One statement."""
    wanted = select(_LINE.c.client_id).order_by(*_newest(_LINE.c)).limit(per_page + 1).offset((page - 1) * per_page)
    ids = list(session.scalars(wanted))
    return Found(ids[:per_page], len(ids) > per_page, len(ids))


def _straight(session: Session, query: Query, marks: Marks, page: int, per_page: int) -> list[int]:
    """Return a page of those for whom everything holds that was asked, and one more where there is another page."""
    ask = _Asking(session, query, page, per_page)
    if query.birth_dates:
        wanted = [mark for on in query.birth_dates for mark in marks(on)]
        return ask.among(
            _led_by(session, select(Client.id.label("client_id")).where(Client.birth_date_hmac.in_(wanted)))
        )
    begun = [need.ranges for need in query.needs]
    whole = [(need.exact,) for need in query.needs]
    named = [need.ranges[:1] for need in query.needs]
    counts = iter(sizes(session, [*begun, *whole, *named], COMMON))
    of_begun, of_whole, of_named = ([next(counts) for _ in query.needs] for _ in range(3))
    rarest = query.needs[of_begun.index(min(of_begun))]
    if min(of_begun) <= COMMON or page > 1:
        return ask.among(_led_to(session, rarest.ranges)) if min(of_begun) else []
    if rarest.is_contact:
        return ask.among(_led_to(session, rarest.ranges, SOME))
    ids = ask.best(whole[of_whole.index(min(of_whole))], min(of_whole), _is_whole)
    if len(ids) <= per_page and min(of_named):
        ids += _new(ask.among(_latest(), _begins_a_word), ids)
    if len(ids) <= per_page:
        ids += _new(ask.among(_led_to(session, rarest.ranges, SOME)), ids)
    return ids


@dataclass(frozen=True, slots=True)
class _Asking:
    """A query on its way: what holds for everybody who is found, and the page that is wanted."""

    session: Session
    query: Query
    page: int
    per_page: int

    def among(self, lines: _Lines, fits: Fits | None = None) -> list[int]:
        """Return a page of those among ``lines`` whom all needs fit; without ``fits`` the best fitting ones first."""
        needs, c = self.query.needs, lines.c
        fitting = [(fits or _holds)(need, c) for need in needs] + _has_email(self.query, c)
        statement = select(c.client_id).select_from(lines.source).where(*fitting)
        if fits is None and needs:
            ranks = [
                (and_(*(each(need, c) for need in needs)), at) for at, each in enumerate((_is_whole, _begins_a_word))
            ]
            statement = statement.order_by(case(*ranks, else_=len(ranks)))
        statement = statement.order_by(*_newest(c))
        statement = statement.limit(self.per_page + 1).offset((self.page - 1) * self.per_page)
        return list(self.session.scalars(statement))

    def best(self, ranges: Sequence[Range], size: int, fits: Fits) -> list[int]:
        """Return the first page of those whom ``ranges`` lead to, where they are few, else of the latest clients."""
        if size > COMMON:
            return self.among(_latest(), fits)
        return self.among(_led_to(self.session, ranges), fits) if size else []


def _near(session: Session, query: Query, per_page: int) -> list[int]:
    """Return who is found with other spellings of the words, the least different first."""
    needs = nearby(session, query.needs)
    counts = sizes(session, [need.ranges for need in needs], COMMON)
    size = min(counts)
    if not size:
        return []
    ranges = needs[counts.index(size)].ranges
    if size <= COMMON:
        return _least_different(session, needs, _led_to(session, ranges))[: per_page + 1]
    ids = _least_different(session, needs, _latest(), are_many=True)
    if len(ids) <= per_page:
        ids += _new(_least_different(session, needs, _led_to(session, ranges, SOME // 2), are_many=True), ids)
    return ids[: per_page + 1]


def _least_different(session: Session, needs: Sequence[Need], lines: _Lines, *, are_many: bool = False) -> list[int]:
    """Compare letter by letter; of many, only those who have a word that ``nearby`` thought of."""
    known = select(lines.c.client_id, lines.c.words, lines.c.contact).select_from(lines.source)
    known = known.order_by(*_newest(lines.c))
    if are_many:
        known = known.where(*(_holds(need, lines.c) for need in needs)).limit(ENOUGH)
    scored = [
        (sum(_slips(need, words, contact) for need in needs), at, client_id)
        for at, (client_id, words, contact) in enumerate(session.execute(known).all())
    ]
    return [client_id for slips, _, client_id in sorted(scored) if slips < FAR]


def _slips(need: Need, words: str, contact: str) -> int:
    """Return how many letters a client is away from what was needed, ``FAR`` where nothing of them is like it."""
    if any(each in contact for each in need.contact):
        return 0
    if not need.is_name:
        return 0 if any(each in words for each in need.words) else FAR
    return min((_slip(need, word) for word in words.split()), default=FAR)


def _slip(need: Need, word: str) -> int:
    away = distance_typed(need.typed, word)
    if away <= (2 if len(need.typed) >= LONG else 1):
        return away
    return SOUNDS_ALIKE if need.sound and sound_of(word).startswith(need.sound) else FAR


def _is_in(within: Range) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _TERM.c.term >= within[0], _TERM.c.term < within[1]


def _led_to(session: Session, ranges: Sequence[Range], limit: int | None = None) -> _Lines:
    """Return the lines of the clients whom the ranges lead to, of as many as ``limit`` for each range."""
    parts = [select(_TERM.c.client_id).where(*_is_in(each)).limit(limit).subquery() for each in ranges]
    whole = [select(part.c.client_id) for part in parts]
    return _led_by(session, whole[0].distinct() if len(whole) == 1 else union(*whole))


def _led_by(session: Session, ids: Select[Any] | CompoundSelect[Any]) -> _Lines:
    """Return the lines of some clients, each looked up by its key: PostgreSQL would rather read all there are."""
    led = ids.subquery()
    if session.get_bind().dialect.name == "postgresql":
        each = select(_LINE).where(_LINE.c.client_id == led.c.client_id).offset(0).lateral()
        return _Lines(each.c, led.join(each, true()))
    return _Lines(_LINE.c, led.join(_LINE, _LINE.c.client_id == led.c.client_id))


def _latest() -> _Lines:
    latest = select(_LINE).order_by(*_newest(_LINE.c)).limit(LATEST).subquery()
    return _Lines(latest.c, latest)


def _newest(c: Any) -> tuple[Any, Any]:
    return c.seen_at.desc(), c.client_id.desc()


def _holds(need: Need, c: Any) -> ColumnElement[bool]:
    """Whether what was needed is somewhere in the line. The fragments are folded: they hold no signs of LIKE."""
    return or_(
        *(c.words.like(f"%{each}%") for each in need.words), *(c.contact.like(f"%{each}%") for each in need.contact)
    )


def _begins_a_word(need: Need, c: Any) -> ColumnElement[bool]:
    """Whether it is how a word of a name begins; of a number, whether it is there at all."""
    return _holds(need, c) if need.is_contact else or_(*(c.words.like(f"%{each}%") for each in need.words))


def _is_whole(need: Need, c: Any) -> ColumnElement[bool]:
    whole: ColumnElement[bool] = (
        c.contact.like(f"%{need.typed} %") if need.is_contact else c.words.like(f"% {need.typed} %")
    )
    return whole


def _has_email(query: Query, c: Any) -> list[ColumnElement[bool]]:
    if not query.email:
        return []
    by_email = func.lower(Client.email).startswith(query.email, autoescape=True)
    return [select(Client.id).where(Client.id == c.client_id, by_email).exists()]


def _new(some: Sequence[int], known: Sequence[int]) -> list[int]:
    return [each for each in some if each not in known]
