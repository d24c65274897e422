"""What clients need to come at all, sealed under their key; and where they said to be during sessions online."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.domain.errors import NotFound, ValidationFailed
from practice.domain.needs import FEATURES, MOST_EXTRA_MINUTES, NO_NEEDS, Needs, together
from practice.domain.permissions import Identity
from practice.domain.regions import REGIONS
from practice.models import Client
from practice.services import audit


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What those who come together need, and where they will be online ("NY"): "" where nobody said."""

    needs: Needs = NO_NEEDS
    region: str = ""


NOTHING_KNOWN = Circumstances()


def circumstances_of(session: Session, client_ids: Collection[int], vault: Vault) -> Circumstances:
    """Return what some clients need together, and where the first of them who said so will be. One statement."""
    if not client_ids:
        return NOTHING_KNOWN
    known = select(Client.id, Client.public_id, Client.wrapped_key, Client.needs_sealed, Client.region)
    rows = {row.id: row for row in session.execute(known.where(Client.id.in_(client_ids)))}
    in_order = [rows[each] for each in client_ids if each in rows]
    needs = [_opened(row.public_id, row.wrapped_key, row.needs_sealed, vault) for row in in_order]
    return Circumstances(together(needs), next((row.region for row in in_order if row.region), ""))


def circumstances_by_public_id(session: Session, public_id: str, vault: Vault) -> Circumstances:
    """Return the same of one client, named by a public id; nothing is known of nobody. One statement."""
    known = select(Client.public_id, Client.wrapped_key, Client.needs_sealed, Client.region)
    row = session.execute(known.where(Client.public_id == public_id)).one_or_none()
    if row is None:
        return NOTHING_KNOWN
    return Circumstances(_opened(row.public_id, row.wrapped_key, row.needs_sealed, vault), row.region)


def needs_of(client: Client, vault: Vault) -> Needs:
    """Return what one client needs."""
    return _opened(client.public_id, client.wrapped_key, client.needs_sealed, vault)


def change_needs(
    session: Session, client_id: int, needs: Needs, region: str | None, *, vault: Vault, by: Identity, now: datetime
) -> None:
    """Keep what a client needs, sealed, and where they are online; None leaves that as it is.

    The record says that it changed, never what it is. Raises NotFound, and ValidationFailed for what is none of ours.
    """
    client = session.get(Client, client_id, with_for_update=True)
    if client is None or client.wrapped_key is None:
        raise NotFound
    is_known = needs.features <= set(FEATURES) and 0 <= needs.extra_minutes <= MOST_EXTRA_MINUTES
    if not is_known or (region and region not in REGIONS):
        raise ValidationFailed
    changed = []
    if needs_of(client, vault) != needs:
        client.needs_sealed = _sealed(client, needs, vault)
        changed.append("needs")
    if region is not None and client.region != region:
        client.region = region
        changed.append("region")
    if changed:
        session.flush()
        audit.record(session, "client.changed", by=by, now=now, subject=("client", client.public_id), fields=changed)


def remember_region(session: Session, client_ids: Collection[int], region: str, *, by: Identity, now: datetime) -> None:
    """Keep where clients said to be during sessions online, so that they are not asked again. Nothing for ""."""
    if region not in REGIONS:
        return
    for client in session.scalars(select(Client).where(Client.id.in_(client_ids), Client.region != region)):
        client.region = region
        audit.record(session, "client.changed", by=by, now=now, subject=("client", client.public_id), fields=["region"])
    session.flush()


def _sealed(client: Client, needs: Needs, vault: Vault) -> bytes | None:
    if needs == NO_NEEDS:
        return None
    return vault.seal(client.wrapped_key, "client", client.public_id, "needs", json.dumps(needs.to_json()))


def _opened(public_id: str, wrapped_key: bytes | None, sealed: bytes | None, vault: Vault) -> Needs:
    if sealed is None or wrapped_key is None:
        return NO_NEEDS
    return Needs.from_json(json.loads(vault.open(wrapped_key, "client", public_id, "needs", sealed)))
