"""Slugs: short names in addresses, made once from a name and kept, because others may have noted them."""

import re
import unicodedata
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

LONGEST = 60


def free_slug(session: Session, column: InstrumentedAttribute[str], name: str, otherwise: str) -> str:
    """Return a slug for ``name`` that ``column`` does not hold; ``otherwise`` stands for one without Latin letters."""
    base = slug_of(name) or otherwise
    taken = set(session.scalars(select(column).where(column.startswith(base, autoescape=True))))
    return next(slug for slug in _candidates(base) if slug not in taken)


def slug_of(name: str) -> str:
    """ "dr-zoe-angstrom" for "Dr. Zoë Ångström"; "" for a name without Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].rstrip("-")


def _candidates(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}-{number}"
        number += 1
