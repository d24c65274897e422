"""Routes: each says who may call it, and turns away everybody else before it looks at anything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.routing import Rule

from practice.db import db
from practice.domain.permissions import Permission
from practice.factory import create_app
from tests.support.apps import engines_of, settings_for
from tests.support.databases import Database

# What strangers may reach without proving anything: these blueprints only.
OPEN_BLUEPRINTS = {"public", "brand", "booking", "accounts", "api", "feeds", "operating", "dev"}
EXAMPLES = {"int": "1", "date": "2026-11-24", "uuid": "00000000-0000-0000-0000-000000000000"}


@pytest.fixture
def unused_app(tmp_path: Path) -> Iterator[Flask]:
    """The application on a database that nobody made: to touch it is an error."""
    made = create_app(settings_for(Database("sqlite", f"sqlite:///{tmp_path / 'nothing.sqlite3'}"), tmp_path))
    made.config["WTF_CSRF_ENABLED"] = False  # so that the question of who asks comes first
    engines = engines_of(made)
    yield made
    for engine in engines:
        engine.dispose()


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def permission_of(app: Flask, rule: Rule) -> Permission | None:
    return getattr(app.view_functions[rule.endpoint], "permission", None)


def test_every_route_says_who_may_call_it(unused_app: Flask) -> None:
    assert [rule.rule for rule in rules(unused_app) if permission_of(unused_app, rule) is None] == []


def test_only_some_blueprints_are_open_to_strangers(unused_app: Flask) -> None:
    open_rules = [rule for rule in rules(unused_app) if permission_of(unused_app, rule) is Permission.PUBLIC]
    assert [rule.rule for rule in open_rules if rule.endpoint.split(".")[0] not in OPEN_BLUEPRINTS] == []


def test_strangers_are_turned_away_before_anything_is_read(unused_app: Flask) -> None:
    statements: list[str] = []
    with unused_app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    client = unused_app.test_client()
    wrong = []
    for rule in rules(unused_app):
        if permission_of(unused_app, rule) is Permission.PUBLIC:
            continue
        path = rule.rule
        for argument in rule.arguments:
            kind = type(rule._converters[argument]).__name__.removesuffix("Converter").lower()
            path = path.replace(f"<{argument}>", "x").replace(f"<{kind}:{argument}>", EXAMPLES.get(kind, "x"))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            response = client.open(path, method=method)
            is_right = response.status_code == 401 or (
                response.status_code == 303 and response.headers["Location"].startswith("/sign-in")
            )
            if not is_right or statements:
                wrong.append(f"{method} {path}: {response.status}, {len(statements)} statements")
            statements.clear()
    assert wrong == []
