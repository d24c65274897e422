"""A stranger's wish: kept while their e-mail is proven, then client, access and booking in one transaction.

Proof is a link or a six-digit code, both mailed, both hashed here. A request that nobody proves expires with its hold
and leaves nothing behind.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, func, or_, select, union, update
from sqlalchemy.orm import Session, joinedload

from practice.adapters.vault import Vault
from practice.domain.consenting import is_of_age
from practice.domain.errors import LinkEnded, TooManyTries
from practice.domain.permissions import STRANGER
from practice.domain.tokens import hash_token, new_token
from practice.models import (
    AccessKind,
    Account,
    BookingRequest,
    Client,
    ClientAccess,
    Hold,
    HoldPurpose,
    Occupancy,
    SafeContact,
)
from practice.models.base import new_public_id
from practice.queries.agreements import agreement_by_public_id
from practice.queries.parties import Party, parties
from practice.queries.practice import date_at, the_practice
from practice.services import holds, ledger, messages
from practice.services.access import rules_of
from practice.services.birth_dates import birth_dates
from practice.services.booking import Booked, confirm_hold
from practice.services.clients import NewClient, create_client, give_access
from practice.services.group_consents import note_version
from practice.services.idempotency import Answered, Repeatable, first_answer, keep_answer, known_answer
from practice.services.needs import remember_region

CODE_TRIES = 6


@dataclass(frozen=True, slots=True)
class RequestDetails:
    """What a stranger tells of themselves, and of the person the session is for.

    ``agreement`` is the version (a public id) of a group's agreement that they agreed to.
    """

    for_whom: str
    name: str
    email: str
    zone: str
    other_name: str = ""
    pronouns: str = ""
    phone: str | None = None
    safe_contact: str = "email"
    agreement: str = ""
    region: str = ""


def code_digest(public_id: str, code: str) -> bytes:
    """Return what is kept of a short code: bound to its request; the tries are what protects it."""
    return sha256(f"{public_id}:{code}".encode()).digest()


def open_request(session: Session, hold_id: int, details: RequestDetails, *, now: datetime) -> BookingRequest:
    """Keep the wish until the e-mail is proven, the held time with it, and mail the link and the code.

    Sent again for the same hold, it replaces what was said before, and keeps the time twice as long at most. Raises
    LinkEnded where the hold is gone.
    """
    request = session.scalars(select(BookingRequest).where(BookingRequest.hold_id == hold_id)).one_or_none()
    length = timedelta(minutes=the_practice(session).request_minutes)
    until = now + length if request is None else min(now, request.created_at + length) + length
    held = session.execute(
        update(Hold).where(holds.of_family(hold_id)).values(held_until=until, purpose=HoldPurpose.REQUEST)
    )
    if until <= now or not held.rowcount:  # type: ignore[attr-defined]
        raise LinkEnded("We could not keep that time any longer. Please choose another.")
    agreed = agreement_by_public_id(session, details.agreement) if details.agreement else None
    if request is None:
        request = BookingRequest(hold_id=hold_id, created_at=now, public_id=new_public_id(), code_attempts=0)
        session.add(request)
    token, code = new_token(), f"{secrets.randbelow(10**6):06}"
    for name in ("for_whom", "name", "other_name", "pronouns", "email", "phone", "safe_contact", "zone", "region"):
        setattr(request, name, getattr(details, name))
    request.agreement_id = agreed.id if agreed else None
    request.token_hash, request.code_hash = hash_token(token), code_digest(request.public_id, code)
    request.expires_at = until
    session.flush()
    messages.post(session, "booking_request", details.email, now=now, request_link=token, code_secret=code)
    return request


def confirm_request_by_token(session: Session, token: str, *, vault: Vault, now: datetime) -> Booked:
    """Book what the request with this link wished for. Raises LinkEnded, HoldEnded or SlotTaken.

    Where this link booked it before, ``LinkEnded.detail`` says what: the button was pressed twice.
    """
    request = _to_be_confirmed(session, BookingRequest.token_hash == hash_token(token))
    if request is None:
        raise _ended(session, hash_token(token))
    return _confirm(session, request, vault, now)


def confirm_request_by_code(
    session: Session, public_id: str, code: str, *, vault: Vault, now: datetime
) -> Booked | None:
    """Book what the request wished for, or return None where the code is wrong (the try is counted; do commit).

    Raises LinkEnded where the request is gone (with what this code booked before, as for a link), TooManyTries after
    six wrong codes: the link still works then.
    """
    request = _to_be_confirmed(session, BookingRequest.public_id == public_id)
    if request is None:
        raise _ended(session, code_digest(public_id, code))
    if request.code_attempts >= CODE_TRIES:
        raise TooManyTries("That was a lot of tries. Please use the link in the e-mail instead.")
    if not hmac.compare_digest(request.code_hash, code_digest(public_id, code)):
        request.code_attempts += 1
        session.flush()
        return None
    return _confirm(session, request, vault, now)


def _to_be_confirmed(session: Session, which: ColumnElement[bool]) -> BookingRequest | None:
    """Return the request, locked, once nobody else changes the time that it keeps or the time of whom it may be for.

    Whoever books takes the time first and an ended request after it; here it is the same, or both would wait for ever.
    """
    kept = select(Occupancy.resource_id).join(Hold, Hold.appointment_id == Occupancy.appointment_id)
    its_own = or_(BookingRequest.hold_id == Hold.id, BookingRequest.hold_id == Hold.parent_id)
    known = select(Client.resource_id).join(ClientAccess, ClientAccess.client_id == Client.id)
    busy = union(
        kept.join(BookingRequest, its_own).where(which),
        known.join(Account, Account.id == ClientAccess.account_id)
        .join(BookingRequest, func.lower(BookingRequest.email) == Account.email)
        .where(which),
    )
    ledger.lock(session, session.scalars(busy))
    wanted = select(BookingRequest).options(joinedload(BookingRequest.hold)).where(which)
    return session.scalars(wanted.with_for_update(of=BookingRequest)).one_or_none()


def _confirm(session: Session, request: BookingRequest, vault: Vault, now: datetime) -> Booked:
    account = _account(session, request, now)
    seated = _clients(session, request, account, vault, now)
    hold_id, agreement_id, is_self = request.hold_id, request.agreement_id, request.for_whom != "someone"
    region = request.region
    hold, secrets_used = {"hold": request.hold.public_id, "places": request.hold.places}, _secrets(request)
    session.expunge(request)
    remember_region(session, [each.id for each in seated], region, by=STRANGER, now=now)
    booked = confirm_hold(session, hold_id, seated, by=STRANGER, now=now)
    for secret in secrets_used:
        first_answer(session, _proof(secret), now=now)
        keep_answer(session, _proof(secret), Answered(303, {"appointment": booked.public_id, **hold}))
    if agreement_id is not None:
        note_version(session, agreement_id, {seated[0].id: is_self}, account_id=account.id, by=STRANGER, now=now)
    return booked


def _secrets(request: BookingRequest) -> tuple[bytes, bytes]:
    return request.token_hash, request.code_hash


def _proof(secret: bytes) -> Repeatable:
    """Return what stands for a request that is proven by a link or a code, given by its hash."""
    return Repeatable("request", "requests.confirm", secret.hex(), b"")


def _ended(session: Session, secret: bytes) -> LinkEnded:
    before = known_answer(session, _proof(secret))
    return LinkEnded(**before.answer) if before else LinkEnded()


def _account(session: Session, request: BookingRequest, now: datetime) -> Account:
    """Return the account of the proven address: the one there is, or a new one without a password."""
    email = request.email.lower()
    account = session.scalars(select(Account).where(Account.email == email)).one_or_none()
    if account is None:
        account = Account(email=email, name=request.name, created_at=now)
        session.add(account)
    account.email_proven_at = account.email_proven_at or now
    session.flush()
    return account


def _clients(session: Session, request: BookingRequest, account: Account, vault: Vault, now: datetime) -> list[Party]:
    """Return who will come: new clients, or those whom the account may book for today under the same name.

    The other of two partners is a client nobody acts for: it is theirs to say who may, and whether to be written to.
    """
    today = date_at(the_practice(session), now)
    people: dict[str, list[tuple[str, AccessKind | None]]] = {
        "me": [(request.name, AccessKind.SELF)],
        "someone": [(request.other_name, AccessKind.GUARDIAN)],
        "us": [(request.name, AccessKind.SELF), (request.other_name, None)],
    }
    return [
        _client(session, request, account, name, kind, vault=vault, now=now, today=today)
        for name, kind in people[request.for_whom]
    ]


def _client(
    session: Session,
    request: BookingRequest,
    account: Account,
    name: str,
    kind: AccessKind | None,
    *,
    vault: Vault,
    now: datetime,
    today: date,
) -> Party:
    known = _known(session, account, name, kind, vault, today)
    if known is None:
        made = create_client(session, _new_client(request, name, kind), vault=vault, by=STRANGER, now=now)
        known = made.id
        if kind is not None:
            is_written_to = request.safe_contact == SafeContact.EMAIL
            give_access(session, account, made, kind, by=STRANGER, now=now, today=today, is_written_to=is_written_to)
    return parties(session, [known], today)[0]


def _known(
    session: Session, account: Account, name: str, kind: AccessKind | None, vault: Vault, today: date
) -> int | None:
    """Return the client of this name whom the account may book for today: as a guardian only until they are of age."""
    rules, born_on = rules_of(the_practice(session)), birth_dates(vault)
    found = session.execute(
        select(Client.id, Client.wrapped_key, Client.public_id, Client.birth_date_sealed)
        .join(ClientAccess, ClientAccess.client_id == Client.id)
        .where(
            ClientAccess.account_id == account.id,
            ClientAccess.kind == kind,
            ClientAccess.can_book,
            ClientAccess.valid_from <= today,
            or_(ClientAccess.valid_until.is_(None), ClientAccess.valid_until >= today),
            func.lower(Client.name) == name.lower(),
            Client.erased_at.is_(None),
        )
        .order_by(Client.id)
    )
    for client_id, key, public_id, sealed in found:
        if kind != AccessKind.GUARDIAN or not is_of_age(born_on(key, public_id, sealed), rules, today):
            return int(client_id)
    return None


def _new_client(request: BookingRequest, name: str, kind: AccessKind | None) -> NewClient:
    if kind != AccessKind.SELF:  # their own contact is theirs to give
        return NewClient(name, request.zone, safe_contact=SafeContact.NONE, awaits_agreement=kind is None)
    return NewClient(
        name=name,
        zone=request.zone,
        pronouns=request.pronouns,
        email=request.email,
        phone=request.phone,
        safe_contact=request.safe_contact,
    )
