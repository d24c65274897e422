"""Whose practice a database holds, asked once, before there is an application."""

from pathlib import Path

from sqlalchemy import inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from practice.db import plain_engine
from practice.models import Practice
from practice.settings import Held


def practice_in(database_url: str) -> Held:
    """Return whose practice is in this database: "demo", "real", "none", or "unknown" where it does not answer.

    The connection is closed again, so that server processes may be forked afterwards.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return "none"
    engine = plain_engine(database_url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(Practice.__tablename__):
                return "none"
            is_demo = connection.scalar(select(Practice.is_demo))
    except DBAPIError:
        return "unknown"
    finally:
        engine.dispose()
    if is_demo is None:
        return "none"
    return "demo" if is_demo else "real"
