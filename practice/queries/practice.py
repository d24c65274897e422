"""The practice's own row: its policies, and its date."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, Integer, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from practice.db import db
from practice.domain.errors import NotFound
from practice.models import CallRequest, Decision, Image, Practice
from practice.queries.hot import HotStatement


def the_practice(session: Session) -> Practice:
    """Return the practice. Raises NotFound before one is set up."""
    found = session.scalars(select(Practice)).one_or_none()
    if found is None:
        raise NotFound("This practice is not set up yet.")
    return found


def date_at(practice: Practice, now: datetime) -> date:
    """Return the date on the practice's own clock."""
    return now.astimezone(ZoneInfo(practice.zone)).date()


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """What pages and messages say of the practice. ``logo`` is the digest of its picture, or "".

    How many wait for a call is counted for the desk only, how many questions wait for an answer also for therapists.
    """

    name: str = "Your practice"
    zone: str = "UTC"
    country: str = "US"
    currency: str = "USD"
    locale: str = "en_US"
    email: str = ""
    phone: str = ""
    about: str = ""
    crisis_text: str = ""
    notice_minutes: int = 24 * 60
    window_days: int = 90
    free_cancel_hours: int = 24
    late_fee_cents: int = 0
    hold_minutes: int = 15
    request_minutes: int = 60
    answer_hours: int = 48
    checks_licences: bool = False
    gives_estimates: bool = False
    allows_full_names_in_feeds: bool = False
    is_demo: bool = False
    tagline: str = ""
    accent: str = ""
    logo: str = ""
    calls_waiting: int = 0
    decisions_waiting: int = 0


# Built once and without the ORM: nearly every page asks.
_LOGO = func.coalesce(select(Image.sha256).where(Image.id == Practice.logo_id).scalar_subquery(), "").label("logo")
_FACTS = select(
    *(
        Practice.__table__.c.get(field.name, _LOGO)
        for field in fields(PracticeFacts)
        if not field.name.endswith("_waiting")
    )
)
_WAITING = select(func.count()).select_from(CallRequest).where(CallRequest.answered_at.is_(None)).scalar_subquery()
_UNDECIDED = select(func.count()).select_from(Decision).where(Decision.decided_at.is_(None))
_OWN = _UNDECIDED.where(Decision.therapist_id == bindparam("therapist", type_=Integer))
_FACTS_OF_ALL = HotStatement(_FACTS)
_FACTS_FOR_DESK = HotStatement(_FACTS.add_columns(_WAITING, _UNDECIDED.scalar_subquery()))
_FACTS_FOR_THERAPIST = HotStatement(_FACTS.add_columns(literal_column("0"), _OWN.scalar_subquery()))


def practice_facts(session: Session, *, for_desk: bool = False, therapist_id: int | None = None) -> PracticeFacts:
    """Return the practice's facts in one statement; before one is set up, those of a practice without a name."""
    statement, asked = _FACTS_FOR_DESK if for_desk else _FACTS_OF_ALL, {}
    if therapist_id is not None and not for_desk:
        statement, asked = _FACTS_FOR_THERAPIST, {"therapist": therapist_id}
    is_open = session.in_transaction()
    row = statement.first_in(session.connection(), **asked) if is_open else statement.first(db.engines[None], **asked)
    return PracticeFacts(*row) if row else PracticeFacts()


_known: "WeakKeyDictionary[Engine, tuple[str, PracticeFacts]]" = WeakKeyDictionary()


def facts_as_of(rules: str) -> PracticeFacts:
    """Return the practice's facts as of a revision of the rules, which counts their changes too; read once for each."""
    engine = db.engines[None]
    known = _known.get(engine)
    if known is None or known[0] != rules:
        session = db.session()
        known = rules, practice_facts(session)
        if not session.info.get("writes"):
            _known[engine] = known
    return known[1]
