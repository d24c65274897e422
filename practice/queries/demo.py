"""Whether a database is the demo practice's, asked once, before there is an application."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from practice.db import plain_engine
from practice.models import Practice


def holds_demo(database_url: str) -> bool:
    """Whether the demo practice is in this database. An empty one, or one that does not answer, holds none.

    The connection is closed again, so that server processes may be forked afterwards.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    engine = plain_engine(database_url)
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(select(Practice.is_demo)))
    except DBAPIError:
        return False
    finally:
        engine.dispose()
