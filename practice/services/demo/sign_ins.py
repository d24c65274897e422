"""The demo practice's sign-ins, whose password everybody may know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from practice.domain.tokens import hash_token
from practice.models import AccessKind, Account, AccountRole, ClientAccess, OneTimeToken, Role, TokenPurpose
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.calendar import DEMO_CHILD, DEMO_CLIENT
from practice.services.demo.plan import Plan

PASSWORD = "foundations-demo"  # noqa: S105 - the demo's, and refused in production mode

# E-mail, name, staff role, and what a person sees there.
SIGN_INS = (
    ("client@demo.test", "Robin Carter", None, "a client, and guardian of Leo"),
    ("therapist@demo.test", "Maya Lindqvist", Role.THERAPIST, "a therapist’s week and hours"),
    ("desk@demo.test", "Dee Marsh", Role.FRONT_DESK, "the day at the front desk"),
    ("admin@demo.test", "Ines Ward", Role.ADMIN, "the practice’s services, people and places"),
)
THERAPIST_ACCOUNT = 2
# Somebody who is invited to the desk, and has not come yet.
INVITED = ("kit@demo.test", "Kit Alvarez", Role.FRONT_DESK)
INVITED_FOR = timedelta(days=5)
# The other guardian of the child, who signs in by a mailed link.
OTHER_GUARDIAN = len(SIGN_INS) + 2
GUARDIAN = ("sky@demo.test", "Sky Carter")


def make_sign_ins(plan: Plan, hash_password: Callable[[str], str]) -> list[Batch]:
    """Return the accounts and their roles."""
    long_ago = plan.now - timedelta(days=120)
    accounts: list[dict[str, Any]] = [
        {
            "id": number,
            "public_id": plan.public_id("account", number),
            "email": email,
            "name": name,
            "password_hash": hash_password(PASSWORD),
            "email_proven_at": long_ago,
            "created_at": long_ago,
        }
        for number, (email, name, _, _) in enumerate(SIGN_INS, 1)
    ]
    roles = [{"account_id": n, "role": role} for n, (_, _, role, _) in enumerate(SIGN_INS, 1) if role is not None]
    email, name, role = INVITED
    number = len(SIGN_INS) + 1
    nothing = {"password_hash": None, "email_proven_at": None, "created_at": plan.now}
    invited = {"id": number, "public_id": plan.public_id("account", number), "email": email, "name": name, **nothing}
    other = {"email": GUARDIAN[0], "name": GUARDIAN[1], "email_proven_at": long_ago, "created_at": long_ago}
    guardian = {**invited, "id": OTHER_GUARDIAN, "public_id": plan.public_id("account", OTHER_GUARDIAN), **other}
    return [
        from_dicts(Account.__table__, [*accounts, invited, guardian]),
        from_dicts(AccountRole.__table__, [*roles, {"account_id": number, "role": role}]),
        from_dicts(OneTimeToken.__table__, [_invitation(plan, number)]),
    ]


def _invitation(plan: Plan, account_id: int) -> dict[str, Any]:
    """Return an open invitation: the demo is no secret, so neither is its link."""
    return {
        "id": 1,
        "purpose": TokenPurpose.INVITATION,
        "token_hash": hash_token(plan.public_id("invitation", account_id)),
        "account_id": account_id,
        "payload": {},
        "expires_at": plan.now + INVITED_FOR,
        "created_at": plan.now,
    }


def make_access(plan: Plan) -> Batch:
    """Return for whom the client's account acts: themself, and a child, for whom another guardian acts too."""
    child = plan.therapists * DEMO_CHILD
    acts_for = (
        (1, DEMO_CLIENT, AccessKind.SELF),
        (1, child, AccessKind.GUARDIAN),
        (OTHER_GUARDIAN, child, AccessKind.GUARDIAN),
    )
    rows = [
        {
            "id": n,
            "account_id": account,
            "client_id": client + 1,
            "kind": kind,
            "can_book": account == 1,
            "can_see_times": True,
            "can_consent": True,
            "can_read": True,
            "is_written_to": True,
            "valid_from": plan.now.date() - timedelta(days=120),
        }
        for n, (account, client, kind) in enumerate(acts_for, 1)
        if client < plan.clients
    ]
    return from_dicts(ClientAccess.__table__, rows)
