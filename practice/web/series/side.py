"""From which side a page of series is looked at: the desk's, or a therapist's own; and where its links lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, g, url_for

from practice.adapters.vault import Vault
from practice.db import db
from practice.domain.errors import NotFound
from practice.domain.needs import Needs, together
from practice.models import Appointment, Client, Series
from practice.queries.appointments import appointment_by_public_id
from practice.queries.series import series_by_public_id
from practice.services.needs import needs_of
from practice.web.frame import the_facts
from practice.web.presenting import habit_of
from practice.web.reading import note_read
from practice.web.sessions_shown import View


def needs_in(people: Iterable[Client]) -> Needs:
    """Return what people who come together need."""
    vault: Vault = current_app.extensions["vault"]
    return together(needs_of(each, vault) for each in people)


@dataclass(frozen=True, slots=True)
class Side:
    """Endpoints begin with ``prefix``; with ``therapist_id`` only what that therapist leads is there."""

    prefix: str
    therapist_id: int | None = None

    def url(self, page: str, public_id: str, **more: Any) -> str:
        """Return the address of one of the pages: of an appointment, or of a series."""
        return url_for(f"{self.prefix}.{page}", public_id=public_id, **more)

    def session_href(self, public_id: str) -> str:
        """Return the address of one session."""
        return self.url("appointment", public_id)

    def view(self) -> View:
        """Return how times are written: in the practice's zone and habit."""
        facts = the_facts()
        return View(facts.zone, habit_of(facts.locale), g.now, self.session_href)

    def appointment(self, public_id: str) -> Appointment:
        """Return one session, and note the read. Raises NotFound for another therapist's."""
        found = appointment_by_public_id(db.session(), public_id)
        if found is None or not self._is_theirs({row.therapist_id for row in found.therapists}):
            raise NotFound
        note_read("appointment.read", ("appointment", public_id))
        return found

    def series(self, public_id: str) -> Series:
        """Return one series, and note the read. Raises NotFound for another therapist's."""
        found = series_by_public_id(db.session(), public_id)
        if found is None or not self._is_theirs({found.therapist_id}):
            raise NotFound
        note_read("series.read", ("series", public_id))
        return found

    def _is_theirs(self, therapist_ids: set[int]) -> bool:
        return self.therapist_id is None or self.therapist_id in therapist_ids
