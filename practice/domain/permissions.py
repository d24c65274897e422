"""Who may do what: one map from roles and scopes to permissions, and the identity that carries them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache


class Permission(StrEnum):
    """Each thing that a route may ask for. ``PUBLIC`` is everybody's."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    OWN_APPOINTMENTS = "own_appointments"  # a client's: book, see, move, cancel for whom they act
    OWN_FEEDS = "own_feeds"
    OWN_CALENDAR = "own_calendar"  # a therapist's: week, appointments
    OWN_HOURS = "own_hours"
    DESK = "desk"  # the day of all therapists, booking for callers, arrivals
    CLIENTS_READ = "clients_read"
    CLIENTS_WRITE = "clients_write"
    PRACTICE_FEED = "practice_feed"
    ADMIN = "admin"
    SLOTS_READ = "slots:read"
    APPOINTMENTS_WRITE = "appointments:write"
    FEEDS_WRITE = "feeds:write"


ROLE_PERMISSIONS: Mapping[str, frozenset[Permission]] = {
    "client": frozenset({Permission.SIGNED_IN, Permission.OWN_APPOINTMENTS, Permission.OWN_FEEDS}),
    "therapist": frozenset({Permission.SIGNED_IN, Permission.OWN_CALENDAR, Permission.OWN_HOURS, Permission.OWN_FEEDS}),
    "front_desk": frozenset(
        {
            Permission.SIGNED_IN,
            Permission.DESK,
            Permission.CLIENTS_READ,
            Permission.CLIENTS_WRITE,
            Permission.PRACTICE_FEED,
        }
    ),
    "admin": frozenset({Permission.SIGNED_IN, Permission.ADMIN}),
}
SCOPES: Mapping[str, Permission] = {
    "slots:read": Permission.SLOTS_READ,
    "appointments:write": Permission.APPOINTMENTS_WRITE,
    "feeds:write": Permission.FEEDS_WRITE,
}


STAFF_ROLES = frozenset({"therapist", "front_desk", "admin"})


@dataclass(frozen=True)
class Identity:
    """Who asks: made once, before the view, and never changed by it.

    ``kind`` is "stranger", "account", "token" or "system"; ``id`` is the public id of the account or token.
    Of the clients whom the account acts for today, ``client_ids`` are those whose times it may see, ``books_for`` those
    whom it may book, move and cancel for, ``consents_for`` those for whom it may consent, ``reads_for`` those whose
    answers it may read, and ``guards`` those for whom it acts as a guardian.
    """

    kind: str = "stranger"
    id: str = ""
    name: str = ""
    email: str = ""
    account_id: int | None = None
    session_id: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[Permission] = frozenset({Permission.PUBLIC})
    therapist_id: int | None = None
    client_ids: frozenset[int] = field(default_factory=frozenset)
    books_for: frozenset[int] = field(default_factory=frozenset)
    consents_for: frozenset[int] = field(default_factory=frozenset)
    reads_for: frozenset[int] = field(default_factory=frozenset)
    guards: frozenset[int] = field(default_factory=frozenset)

    @property
    def acts_for(self) -> frozenset[int]:
        """The clients whom the account acts for today with any right at all, or as a guardian."""
        return self.client_ids | self.books_for | self.consents_for | self.reads_for | self.guards

    @property
    def is_signed_in(self) -> bool:
        """Whether a person or program proved who they are."""
        return self.kind in ("account", "token")

    @property
    def is_staff(self) -> bool:
        """Whether any staff role is among this identity's."""
        return bool(self.roles & STAFF_ROLES)

    def can(self, permission: Permission) -> bool:
        """Whether this identity has ``permission``."""
        return permission is Permission.PUBLIC or permission in self.permissions


STRANGER = Identity()
SYSTEM = Identity(kind="system", id="worker")


def permissions_of(roles: Iterable[str]) -> frozenset[Permission]:
    """Return what ``roles`` together allow."""
    return _permissions_of(frozenset(roles))


@lru_cache
def _permissions_of(roles: frozenset[str]) -> frozenset[Permission]:
    return frozenset({Permission.PUBLIC}).union(*(ROLE_PERMISSIONS[role] for role in roles))


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """Return what a token's ``scopes`` allow; unknown scopes allow nothing."""
    return frozenset({Permission.PUBLIC} | {SCOPES[scope] for scope in scopes if scope in SCOPES})
