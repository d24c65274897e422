"""A small demo practice for tests, written into the test's database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask

from practice.db import unit_of_work
from practice.services import demo

TODAY = date(2026, 11, 25)
SMALL = demo.Plan(TODAY, clients=40, weeks=4)


@contextmanager
def silent(_label: str, _steps: int) -> Iterator[Callable[[int], Any]]:
    """Progress that nobody watches."""
    yield lambda _count: None


def fill_demo(app: Flask, plan: demo.Plan = SMALL) -> None:
    """Fill the database of ``app`` with the demo practice."""
    batches = demo.prepare(plan, app.extensions["vault"], app.extensions["passwords"].hash, silent)
    with app.app_context(), unit_of_work() as session:
        demo.fill(session, batches, silent)


@pytest.fixture
def demo_app(app: Flask) -> Flask:
    """The application on a database that holds the small demo practice."""
    fill_demo(app)
    return app
