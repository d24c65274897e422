"""The audit of reads: a view notes what it showed, and the record is written before the answer leaves."""

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import DBAPIError

from practice.db import beside, db
from practice.domain.errors import Busy
from practice.services import audit
from practice.web.errors import answer

WRITTEN = "reads_written"
REMEMBERED = 10_000
log = logging.getLogger("practice")


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was shown: ``subject`` is (kind, public id), ``detail`` holds public ids only."""

    action: str
    subject: tuple[str, str]
    detail: dict[str, Any] = field(default_factory=dict)
    once: str = ""


def note_read(action: str, subject: tuple[str, str], *, once: str = "", **detail: Any) -> None:
    """Say that this answer shows something of a client; names, contacts and health data stay out of it.

    ``once`` names what is shown and to which sign-in: a page that shows the same again and again, because it refreshes
    itself, is on record once for as long as this process remembers.
    """
    if once and once in current_app.extensions[WRITTEN]:
        return
    g.setdefault("reads", []).append(Read(action, subject, detail, once))


def init_app(app: Flask) -> None:
    """Write what was noted, all of it in one transaction beside the request; where that fails, nothing is shown."""
    written: dict[str, None] = app.extensions.setdefault(WRITTEN, {})

    @app.after_request
    def write_reads(response: Response) -> Response:
        reads: list[Read] = g.pop("reads", [])
        if not reads or response.status_code >= 500:
            return response
        db.session.close()
        try:
            with beside() as session:
                for read in reads:
                    audit.record(session, read.action, by=g.identity, now=g.now, subject=read.subject, **read.detail)
        except DBAPIError as error:
            log.error("a read could not be recorded, so it was not shown", exc_info=error)  # noqa: TRY400
            g.is_in_trouble = True
            return answer(Busy.status, Busy.code, Busy.message)
        if len(written) >= REMEMBERED:
            written.clear()
        written.update((read.once, None) for read in reads if read.once)
        return response
