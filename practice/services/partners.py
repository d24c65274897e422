"""The second of two partners: a client nobody acts for and nobody writes to, until they agree themselves.

Whoever booked for both gets a link to hand on. Opening it shows when and with whom, its buttons agree or decline. An
e-mail address that is given there is written to once, to prove it; only then it is kept, and the sign-in made.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.errors import LinkEnded, NotFound
from practice.domain.permissions import STRANGER, Identity
from practice.domain.tokens import hash_token, new_token
from practice.models import AccessKind, Account, Client, OneTimeToken, SafeContact, TokenPurpose
from practice.queries.accounts import SessionRules, account_by_email, normalized_email
from practice.queries.parties import Party, parties
from practice.queries.partners import Waiting, asked_by, coming_place_of, is_acted_for, waiting_in
from practice.queries.practice import date_at, the_practice
from practice.services import audit, notices
from practice.services.clients import CHANGEABLE, NewClient, change_client, create_client, give_access
from practice.services.links import GOOD_FOR
from practice.services.messages import post
from practice.services.sessions import SignedIn, start_session
from practice.services.throttle import Limit, note_try

PROOF_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody wants to be reached, in their own words."""

    safe_contact: str
    email: str | None = None
    phone: str | None = None
    pronouns: str = ""


def partner_link(session: Session, appointment: str, *, by: Identity, now: datetime) -> str:
    """Make the link to hand on in an appointment (a public id), and return its secret; links from before end.

    Raises NotFound where nobody's agreement is waited for there.
    """
    return _make_link(session, waiting_in(session, appointment), by=by, now=now)


def add_partner(session: Session, name: str, zone: str, *, vault: Vault, by: Identity, now: datetime) -> Party:
    """Add the second of two partners: a client nobody acts for and nobody writes to, until they agree."""
    new = NewClient(name=name, zone=zone, safe_contact=SafeContact.NONE, awaits_agreement=True)
    return create_client(session, new, vault=vault, by=by, now=now)


def first_link(session: Session, appointment: str, *, by: Identity, now: datetime) -> str:
    """Make the link to hand on where somebody's agreement is waited for in an appointment; "" where nobody's is."""
    waiting = waiting_in(session, appointment)
    return _make_link(session, waiting, by=by, now=now) if waiting else ""


def partner_link_of(session: Session, client_id: int, *, by: Identity, now: datetime) -> str:
    """Make the link for a client whose agreement is waited for, about their next session. Raises NotFound."""
    return _make_link(session, coming_place_of(session, client_id, now), by=by, now=now)


def _make_link(session: Session, waiting: Waiting | None, *, by: Identity, now: datetime) -> str:
    if waiting is None:
        raise NotFound
    end_partner_links(session, waiting.client, now=now)
    token = _issue(
        session, {"client": waiting.client, "appointment": waiting.appointment}, now, GOOD_FOR[TokenPurpose.PARTNER]
    )
    audit.record(session, "partner.link_made", by=by, now=now, subject=("client", waiting.client))
    return token


def agree(
    session: Session,
    token: str,
    contact: Contact,
    *,
    limits: Iterable[Limit],
    link_for: Callable[[str], str],
    by: Identity,
    now: datetime,
) -> None:
    """Use the link up, and keep how its owner wants to be reached. Of two at once, one wins.

    With an e-mail address nothing is kept yet: it is written to, to prove it. Raises LinkEnded, and TooManyTries where
    one network or mailbox had many.
    """
    asked = asked_by(session, token, now=now)
    use_up(session, asked.token_id, now)
    end_partner_links(session, asked.client.public_id, now=now)
    appointment = asked.appointment.public_id if asked.appointment else ""
    if contact.safe_contact != SafeContact.EMAIL or not contact.email:
        keep_contact(session, asked.client, replace(contact, email=None), by=by, now=now)
        return
    note_try(session, limits, now=now)
    said = {name: value for name, value in asdict(contact).items() if value}
    secret = _issue(session, {"client": asked.client.public_id, "appointment": appointment, **said}, now, PROOF_FOR)
    post(session, "partner", contact.email, now=now, link=link_for(secret))
    audit.record(session, "partner.agreed", by=by, now=now, subject=("client", asked.client.public_id))


def prove(session: Session, token: str, *, program: str, rules: SessionRules, now: datetime) -> SignedIn:
    """Use the mailed link up: keep what was said, let the address's account act for its client, and sign in.

    The account is made where there is none. Raises LinkEnded.
    """
    asked = asked_by(session, token, now=now, is_mailed=True)
    said = dict(session.get_one(OneTimeToken, asked.token_id).payload)
    use_up(session, asked.token_id, now)
    end_partner_links(session, asked.client.public_id, now=now)
    contact = Contact(str(said["safe_contact"]), asked.email, said.get("phone"), str(said.get("pronouns", "")))
    keep_contact(session, asked.client, contact, by=STRANGER, now=now)
    account = _account(session, asked.email, asked.client, now)
    practice = the_practice(session)
    today = date_at(practice, now)
    party = parties(session, [asked.client.id], today)[0]
    give_access(session, account, party, AccessKind.SELF, by=STRANGER, now=now, today=today)
    if asked.appointment is not None and asked.appointment.starts_at > now and asked.appointment.status == "booked":
        notices.tell(session, "booked", asked.appointment.public_id, [party], now=now)
    return start_session(session, account, program=program, rules=rules, now=now, how="partner_link")


def keep_contact(session: Session, client: Client, contact: Contact, *, by: Identity, now: datetime) -> None:
    """Note that somebody agrees to come, and how they want to be reached: said by themselves, or at the desk.

    Raises NotFound where their agreement is not waited for.
    """
    locked = session.get(Client, client.id, with_for_update=True, populate_existing=True)
    if locked is None or not locked.awaits_agreement or is_acted_for(session, locked.id):
        raise NotFound
    locked.awaits_agreement = False
    known = {name: getattr(locked, name) for name in CHANGEABLE}
    pronouns = contact.pronouns or locked.pronouns
    new = NewClient(**{**known, **asdict(contact), "pronouns": pronouns})
    session.flush()
    change_client(session, locked.public_id, new, by=by, now=now)
    end_partner_links(session, locked.public_id, now=now)
    audit.record(session, "partner.agreement_noted", by=by, now=now, subject=("client", locked.public_id))


def end_partner_links(session: Session, client: str, *, now: datetime) -> None:
    """End the open links of a client (a public id), and forget what they hold."""
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.purpose == TokenPurpose.PARTNER,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.payload["client"].as_string() == client,
        )
        .values(used_at=now, payload={"client": client})
        .execution_options(synchronize_session=False)
    )


def use_up(session: Session, token_id: int, now: datetime) -> None:
    """Use a link up, and forget what it holds. Of two at once, one wins; the other gets LinkEnded."""
    used = session.execute(
        update(OneTimeToken)
        .where(OneTimeToken.id == token_id, OneTimeToken.used_at.is_(None))
        .values(used_at=now, payload={})
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise LinkEnded


def _issue(session: Session, payload: dict[str, object], now: datetime, good_for: timedelta) -> str:
    token = new_token()
    session.execute(
        insert(OneTimeToken),
        {
            "purpose": TokenPurpose.PARTNER,
            "token_hash": hash_token(token),
            "account_id": None,
            "payload": payload,
            "expires_at": now + good_for,
            "created_at": now,
        },
    )
    return token


def _account(session: Session, email: str, client: Client, now: datetime) -> Account:
    account = account_by_email(session, email)
    if account is None:
        account = Account(email=normalized_email(email), name=client.display_name, created_at=now)
        session.add(account)
    elif account.disabled_at is not None:
        raise LinkEnded
    account.email_proven_at = account.email_proven_at or now
    session.flush()
    return account
