"""Opening birth dates, which stand sealed: for what follows from somebody's age, and for no other end."""

from datetime import date

from practice.adapters.vault import Vault
from practice.domain.ages import BirthDates


def birth_dates(vault: Vault) -> BirthDates:
    """Return what opens a birth date; of whom none is known, or who was erased, it is None."""

    def opened(wrapped_key: bytes | None, public_id: str, sealed: bytes | None) -> date | None:
        if sealed is None or wrapped_key is None:
            return None
        return date.fromisoformat(vault.open(wrapped_key, "client", public_id, "birth_date", sealed))

    return opened
