"""Makes the rows of a demo practice, and writes them in one transaction."""

from collections.abc import Callable, Sequence

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from practice.adapters.vault import Vault
from practice.models import Practice, Resource, ResourceKind
from practice.services.demo.agreeing import make_agreements, one_stays_away
from practice.services.demo.asking import some_wait
from practice.services.demo.batch import Batch, load
from practice.services.demo.calendar import all_sessions
from practice.services.demo.clients import make_clients
from practice.services.demo.estimates import make_estimates
from practice.services.demo.findable import make_findable
from practice.services.demo.groups import make_courses
from practice.services.demo.house import make_house, room_resource
from practice.services.demo.plan import Plan, Progress
from practice.services.demo.portraits import make_calls
from practice.services.demo.practice import Team, make_closed, make_team
from practice.services.demo.series import LED_BY, WEEKDAYS
from practice.services.demo.sessions import make_appointments
from practice.services.demo.sign_ins import THERAPIST_ACCOUNT, make_access, make_sign_ins


class NotEmpty(RuntimeError):
    """There is a practice in this database already; a demo never mixes with it."""


def prepare(plan: Plan, vault: Vault, hash_password: Callable[[str], str], progress: Progress) -> list[Batch]:
    """Return all rows in the order in which they refer to each other. Hashes and seals, and touches no database."""
    team, closed = make_team(plan), make_closed(plan)
    with progress("Planning the weeks", plan.therapists) as step:
        sessions = all_sessions(plan, team, closed, step)
    regulars = team.caseload(LED_BY)[: len(WEEKDAYS)]
    questions = [*one_stays_away(plan, sessions), *some_wait(plan, sessions, regulars)]
    with progress("Sealing the clients", plan.clients) as step:
        clients = make_clients(plan, room_resource(team, len(team.rooms)), vault, step)
    with progress("Making them findable", plan.clients) as step:
        findable = make_findable(clients, sessions, step)
    return [
        _resources(team),
        *make_sign_ins(plan, hash_password),
        *make_house(plan, team, closed, THERAPIST_ACCOUNT),
        clients,
        *findable,
        make_access(plan),
        *make_courses(plan),
        *make_appointments(plan, team, sessions),
        *questions,
        make_estimates(plan, sessions),
        *make_agreements(plan),
        make_calls(plan),
    ]


def is_filled(session: Session) -> bool:
    """Whether there is a practice in this database, of whatever kind."""
    return bool(session.scalar(select(exists().where(Practice.id == 1))))


def fill(session: Session, batches: Sequence[Batch], progress: Progress) -> None:
    """Write the rows into an empty database. Raises NotEmpty where there is a practice already."""
    if is_filled(session):
        raise NotEmpty
    connection = session.connection()
    with progress("Writing the rows", sum(len(batch.rows) for batch in batches)) as step:
        for batch in batches:
            load(connection, batch, step)
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE"))


def _resources(team: Team) -> Batch:
    kinds = [
        *(ResourceKind.THERAPIST for _ in team.members),
        *(ResourceKind.ROOM for _ in team.rooms),
        *(ResourceKind.CLIENT for _ in range(team.clients)),
    ]
    rows = [(number, kind.value, 0) for number, kind in enumerate(kinds, 1)]
    return Batch(Resource.__table__, ("id", "kind", "revision"), rows)  # type: ignore[arg-type]
