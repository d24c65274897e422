"""Unit tests know no database: a connection to one is an error."""

from collections.abc import Iterator
from typing import NoReturn

import pytest
from sqlalchemy import Engine, event


def refuse(*_: object) -> NoReturn:
    pytest.fail("a unit test opened a database")


@pytest.fixture(autouse=True)
def no_database() -> Iterator[None]:
    """Refuse every connection of every engine while a unit test runs."""
    event.listen(Engine, "do_connect", refuse)
    yield
    event.remove(Engine, "do_connect", refuse)
