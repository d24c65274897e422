"""The commands that build and test a practice."""

from base64 import b64encode
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from practice.db import db, unit_of_work
from practice.models import Practice, Therapist
from practice.queries.demo import practice_in
from practice.settings import Settings, SettingsError
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


def test_a_real_practice_begins_empty_and_only_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    words = ["practice", "create", "Elm Street Therapy", "--email", "hello@example.org", "--zone"]
    assert runner.invoke(args=[*words, "Elm Street"]).exit_code == 2
    made = runner.invoke(args=[*words, "America/Chicago"])
    assert (made.exit_code, "Elm Street Therapy is set up." in made.output) == (0, True)
    again = runner.invoke(args=[*words, "America/Chicago"])
    assert (again.exit_code, "There is a practice in this database already." in again.output) == (1, True)
    with app.app_context():
        practice = db.session.scalars(select(Practice)).one()
        assert (practice.name, practice.zone, practice.is_demo) == ("Elm Street Therapy", "America/Chicago", False)
    assert runner.invoke(args=["check"]).exit_code == 0
    assert runner.invoke(args=SMALL).exit_code == 1


def test_a_demo_database_starts_in_demo_mode_alone(app: Flask, database: Database, tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": database.url,
        "PRACTICE_INSTANCE": str(tmp_path),
        "PRACTICE_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
        "PRACTICE_ENCRYPTION_KEYS": b64encode(bytes(range(32))).decode(),
        "PRACTICE_BASE_URL": "https://book.example.org",
    }
    assert Settings.from_env(environ, practice_in).mode == "production"
    app.test_cli_runner().invoke(args=SMALL)
    assert Settings.from_env(environ, practice_in).mode == "demo"
    with pytest.raises(SettingsError, match="holds the demo practice"):
        Settings.from_env({**environ, "PRACTICE_MODE": "production"}, practice_in)


def test_without_a_mode_only_what_holds_nothing_and_has_no_secret_is_for_trying_out(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    environ = {"DATABASE_URL": database.url, "PRACTICE_INSTANCE": str(tmp_path)}
    assert Settings.from_env(environ, practice_in).mode == "demo"
    made = ["practice", "create", "Elm Street", "--zone", "America/Chicago", "--email", "a@elm.test"]
    assert app.test_cli_runner().invoke(args=made).exit_code == 0
    with pytest.raises(SettingsError, match="PRACTICE_SECRET_KEY is missing"):
        Settings.from_env(environ, practice_in)


def test_whose_practice_a_database_holds(tmp_path: Path) -> None:
    assert practice_in("postgresql+psycopg://nobody@/nothing?host=" + str(tmp_path)) == "unknown"
    assert practice_in(f"sqlite:///{tmp_path}/nothing.sqlite3") == "none"
    assert not (tmp_path / "nothing.sqlite3").exists()
