"""How the agreement to care of one client stands, as the desk sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from practice.models import Client
from practice.queries.access import Access
from practice.queries.agreements import ConsentRow
from practice.queries.consenting import CareStanding
from practice.web.consent_words import standing_words
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of

SHORT_DIGEST = 12


@dataclass(frozen=True, slots=True)
class AgreedRow:
    """A consent: by whom, when, to which version, and whether it was taken back."""

    by: str
    when: str
    version: str
    ended: str
    end_href: str


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """How it stands, and every consent there was; ``note_href`` is "" where nothing is due."""

    status: str
    note_href: str
    rows: tuple[AgreedRow, ...]


def agreement_card(
    client: Client, found: CareStanding | None, rows: Sequence[ConsentRow], acting: Sequence[Access]
) -> AgreementCard | None:
    """Return the card, or None where no text was published."""
    if found is None:
        return None
    names = {row.account_id: row.name for row in acting}
    href = url_for("desk.consent_note", public_id=client.public_id)
    return AgreementCard(
        status=f"{standing_words(found.standing)}.",
        note_href=href if found.standing.is_due else "",
        rows=tuple(_row(row, names) for row in rows),
    )


def _row(row: ConsentRow, names: dict[int, str]) -> AgreedRow:
    facts = the_facts()

    def said(at: object) -> str:
        return format_moment(at, facts.zone, habit_of(facts.locale))  # type: ignore[arg-type]

    who = names.get(row.account_id or 0) or row.account_name or "The client, on paper"
    return AgreedRow(
        by=f"{who}, as guardian" if row.given_as == "guardian" else who,
        when=said(row.given_at),
        version=f"{row.number}, {row.sha256[:SHORT_DIGEST]}",
        ended=f"Taken back on {said(row.withdrawn_at)}" if row.withdrawn_at else "",
        end_href="" if row.withdrawn_at else url_for("desk.consent_end", public_id=row.public_id),
    )
