"""How the agreement to care stands: for each client, who has to consent and who did."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.domain.ages import BirthDates
from practice.domain.consenting import ConsentRules, GivenConsent, Standing, standing
from practice.models import Agreement, AgreementKind, Client, Practice
from practice.queries.agreements import ConsentRow, consents_to, current_agreement


@dataclass(frozen=True, slots=True)
class CareStanding:
    """How the agreement to care stands for one client, with the consents to the version that holds."""

    client_id: int
    public_id: str
    name: str
    agreement: Agreement
    standing: Standing
    consents: Sequence[ConsentRow]

    def given_by(self, account_id: int | None) -> ConsentRow | None:
        """Return the consent of one account that counts, or None."""
        wanted = (row for row in self.consents if row.account_id == account_id and row.given_as == self.standing.by)
        return next(wanted, None)

    def is_due_from(self, account_id: int | None, *, is_guardian: bool) -> bool:
        """Whether it is this account's consent that is missing: a guardian's, or the client's own."""
        is_asked = self.standing.is_due and is_guardian == (self.standing.by == "guardian")
        return is_asked and (self.standing.by == "self" or self.given_by(account_id) is None)

    def is_stale_from(self, account_id: int | None) -> bool:
        """Whether this client's own consent was given before they came of age, and does not count any more."""
        return self.standing.by == "self" and self.standing.is_due and self.given_by(account_id) is not None


def care_standings(
    session: Session, client_ids: Collection[int], *, born_on: BirthDates, now: datetime
) -> Mapping[int, CareStanding]:
    """Return how it stands, by client; nothing where no text was published. Four statements at most.

    Birth dates are opened for it, and go no further.
    """
    agreement = current_agreement(session, AgreementKind.CARE) if client_ids else None
    if agreement is None:
        return {}
    practice = session.scalars(select(Practice)).one()
    rules = ConsentRules(practice.majority_age, practice.consents_alone_age, practice.consents_needed)
    zone = ZoneInfo(practice.zone)
    today = now.astimezone(zone).date()
    consents = consents_to(session, agreement.id, client_ids)
    clients = session.scalars(select(Client).where(Client.id.in_(client_ids), Client.erased_at.is_(None)))
    return {
        client.id: CareStanding(
            client.id,
            client.public_id,
            client.display_name,
            agreement,
            _standing(client, consents.get(client.id, ()), rules, today, zone, born_on),
            consents.get(client.id, ()),
        )
        for client in clients
    }


def _standing(
    client: Client,
    consents: Sequence[ConsentRow],
    rules: ConsentRules,
    today: date,
    zone: ZoneInfo,
    born_on: BirthDates,
) -> Standing:
    given = [GivenConsent(row.account_id, row.given_as, row.given_at.astimezone(zone).date()) for row in consents]
    born = born_on(client.wrapped_key, client.public_id, client.birth_date_sealed)
    return standing(born, given, rules, today)
