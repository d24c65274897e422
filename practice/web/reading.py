"""The audit of reads: a view notes what it showed, and the record is written before the answer leaves."""

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, g
from sqlalchemy.exc import DBAPIError

from practice.db import beside, db
from practice.domain.errors import Busy
from practice.services import audit
from practice.web.errors import answer

log = logging.getLogger("practice")


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that was shown: ``subject`` is (kind, public id), ``detail`` holds public ids only."""

    action: str
    subject: tuple[str, str]
    detail: dict[str, Any] = field(default_factory=dict)


def note_read(action: str, subject: tuple[str, str], **detail: Any) -> None:
    """Say that this answer shows something of a client; names, contacts and health data stay out of it."""
    g.setdefault("reads", []).append(Read(action, subject, detail))


def init_app(app: Flask) -> None:
    """Write what was noted, all of it in one transaction beside the request; where that fails, nothing is shown."""

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
        return response
