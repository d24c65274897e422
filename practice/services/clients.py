"""Clients: people who come to sessions, each a resource of their own with a key that seals what is private."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.permissions import Identity
from practice.models import AccessKind, Account, Client, ClientAccess, Resource, ResourceKind, SafeContact
from practice.models.base import new_public_id
from practice.queries.parties import Party
from practice.services import audit
from practice.services.findable import keep_findable, make_findable

NOT_AGREED = "They have not said yet how they may be reached. Note first what they said themselves."
CHANGEABLE = ("name", "chosen_name", "pronouns", "email", "phone", "safe_contact", "zone")


@dataclass(frozen=True, slots=True)
class NewClient:
    """What is known of a client on the first day. E-mail and phone may both be missing."""

    name: str
    zone: str
    chosen_name: str = ""
    pronouns: str = ""
    email: str | None = None
    phone: str | None = None
    safe_contact: str = SafeContact.EMAIL
    birth_date: date | None = None
    note: str = ""
    awaits_agreement: bool = False


@dataclass(frozen=True, slots=True)
class OwnDetails:
    """What clients change themselves: what they are called, and how they are reached."""

    chosen_name: str
    pronouns: str
    phone: str | None
    safe_contact: str


def create_client(session: Session, new: NewClient, *, vault: Vault, by: Identity, now: datetime) -> Party:
    """Add a client with their resource and key, and return them as a party of a booking."""
    public_id = new_public_id()
    wrapped_key = vault.new_client_key(public_id)
    resource = Resource(kind=ResourceKind.CLIENT)
    session.add(resource)
    session.flush()
    client = Client(
        public_id=public_id,
        resource_id=resource.id,
        name=new.name,
        chosen_name=new.chosen_name,
        pronouns=new.pronouns,
        email=new.email,
        phone=new.phone,
        safe_contact=new.safe_contact,
        zone=new.zone,
        awaits_agreement=new.awaits_agreement,
        wrapped_key=wrapped_key,
        created_at=now,
    )
    _seal_birth_date(client, new.birth_date, vault)
    if new.note:
        client.note_sealed = vault.seal(wrapped_key, "client", public_id, "note", new.note)
    session.add(client)
    make_findable(session, client)
    audit.record(session, "client.created", by=by, now=now, subject=("client", public_id))
    recipients = (new.email,) if new.email and new.safe_contact == SafeContact.EMAIL else ()
    return Party(client.id, public_id, resource.id, new.zone, recipients)


def rename_client(
    session: Session, client: Client, name: str, chosen_name: str, *, by: Identity, now: datetime
) -> None:
    """Change what a client is called; a trigger tells every feed that shows the name."""
    client.name, client.chosen_name = name, chosen_name
    keep_findable(session, client)
    audit.record(session, "client.renamed", by=by, now=now, subject=("client", client.public_id))


def change_client(
    session: Session, public_id: str, new: NewClient, *, vault: Vault | None = None, by: Identity, now: datetime
) -> None:
    """Change what a client is called and how they are reached, and with a vault their birth date too.

    The record names the fields, never what they hold.
    Raises NotFound, and ValidationFailed where a contact is given for somebody whose own word is waited for.
    """
    client = session.scalars(select(Client).where(Client.public_id == public_id).with_for_update()).one_or_none()
    if client is None:
        raise NotFound
    if client.awaits_agreement and (new.email or new.phone or new.safe_contact != SafeContact.NONE):
        raise ValidationFailed(NOT_AGREED, errors={"safe_contact": NOT_AGREED})
    changed = [name for name in CHANGEABLE if getattr(client, name) != getattr(new, name)]
    for name in changed:
        setattr(client, name, getattr(new, name))
    if vault and _has_other_birth_date(client, new.birth_date, vault):
        changed.append("birth_date")
        _seal_birth_date(client, new.birth_date, vault)
    if not changed:
        return
    keep_findable(session, client)
    audit.record(session, "client.changed", by=by, now=now, subject=("client", public_id), fields=changed)


def change_own_details(session: Session, client_id: int, new: OwnDetails, *, by: Identity, now: datetime) -> None:
    """Change what a client says of themselves, and what their sign-in is called by. Raises NotFound."""
    client = session.get(Client, client_id, with_for_update=True)
    if client is None:
        raise NotFound
    known = NewClient(name=client.name, zone=client.zone, email=client.email)
    change_client(session, client.public_id, replace(known, **asdict(new)), by=by, now=now)
    session.execute(update(Account).where(Account.id == by.account_id).values(name=client.display_name))


def _has_other_birth_date(client: Client, born_on: date | None, vault: Vault) -> bool:
    if born_on is None:
        return client.birth_date_sealed is not None
    return client.birth_date_hmac not in vault.birth_date_marks(born_on)


def _seal_birth_date(client: Client, born_on: date | None, vault: Vault) -> None:
    """Keep a birth date, sealed and with its mark, or forget it."""
    client.birth_date_sealed = client.birth_date_hmac = None
    if born_on is not None:
        sealed = vault.seal(client.wrapped_key, "client", client.public_id, "birth_date", born_on.isoformat())
        client.birth_date_sealed, client.birth_date_hmac = sealed, vault.birth_date_mark(born_on)


def give_access(
    session: Session,
    account: Account,
    client: Party,
    kind: AccessKind,
    *,
    by: Identity,
    now: datetime,
    today: date,
    is_written_to: bool = True,
) -> None:
    """Let an account act for a client from today on, with all rights of its kind."""
    session.add(
        ClientAccess(
            account_id=account.id, client_id=client.id, kind=kind, valid_from=today, is_written_to=is_written_to
        )
    )
    session.flush()
    subject = ("client", client.public_id)
    audit.record(session, "access.given", by=by, now=now, subject=subject, account=account.public_id, kind=kind)
