"""Birth dates, opened where a page shows one; whoever shows it notes that."""

from datetime import date

from flask import current_app

from practice.adapters.vault import Vault
from practice.models import Client


def birth_date_of(client: Client) -> date:
    """Open a client's birth date, which must be there."""
    vault: Vault = current_app.extensions["vault"]
    sealed = client.birth_date_sealed or b""
    return date.fromisoformat(vault.open(client.wrapped_key, "client", client.public_id, "birth_date", sealed))


def known_birth_date(client: Client) -> date | None:
    """Open a client's birth date, or return None where it is not known."""
    return birth_date_of(client) if client.birth_date_sealed else None
