"""The commands that build and test a practice."""

import pytest
from flask import Flask
from sqlalchemy import select, text

from practice.db import db, unit_of_work
from practice.models import Practice, Therapist
from tests.support.databases import Database

SMALL = ["demo", "--clients", "12", "--weeks", "2", "--today", "2026-11-25"]


@pytest.fixture
def database(empty_database: Database) -> Database:
    """Here the application starts on a database without tables."""
    return empty_database


def test_the_demo_is_built_once_and_checks_clean(app: Flask) -> None:
    runner = app.test_cli_runner()
    built = runner.invoke(args=SMALL)
    assert built.exit_code == 0, built.output
    assert "desk@demo.test" in built.output
    again = runner.invoke(args=SMALL)
    assert again.exit_code == 1
    assert "There is a practice in this database already." in again.output
    checked = runner.invoke(args=["check"])
    assert (checked.output, checked.exit_code) == ("Everything holds.\n", 0)
    with app.app_context():
        assert db.session.scalar(select(Practice.name)) == "Foundations Therapy"
        assert len(db.session.scalars(select(Therapist.slug)).all()) == 6


def test_check_exits_with_one_and_a_line_for_what_is_broken(app: Flask) -> None:
    runner = app.test_cli_runner()
    runner.invoke(args=SMALL)
    with app.app_context(), unit_of_work() as session:
        session.execute(text("DELETE FROM occupancy WHERE id = 1"))
    checked = runner.invoke(args=["check"])
    assert checked.exit_code == 1
    assert checked.output.startswith("An appointment takes no time of somebody or something that is part of it: ")
    assert checked.output.count("\n") == 1


def test_check_says_that_the_schema_is_not_up_to_date(app: Flask) -> None:
    checked = app.test_cli_runner().invoke(args=["check"])
    assert (checked.exit_code, checked.output.count("\n")) == (1, 1)
    assert checked.output.startswith("The schema is not up to date")
