"""Who may call what: every route against every role, kept as a table that people can read."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from practice.domain.permissions import ROLE_PERMISSIONS, Permission
from tests.support.apps import engines_of
from tests.support.cast import Cast
from tests.support.people import sign_in

TABLE = Path(__file__).with_name("permissions.txt")
WRITE = "PRACTICE_WRITE_TABLES"
MEND = f"Read the change; where it is meant: {WRITE}=1 pytest tests/architecture/test_permissions.py"
EMAILS = {
    "client": "alice@demo.test",
    "therapist": "bob@demo.test",
    "front_desk": "dee@demo.test",
    "admin": "ada@demo.test",
}
EXAMPLES = {"IntegerConverter": "1", "DateConverter": "2026-11-24"}
# Reading the session is one statement, the practice's name on the page that refuses another.
STATEMENTS_OF_A_REFUSAL = 2

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def app_without_csrf(app: Flask, cast: Cast) -> Iterator[Flask]:
    """The application with the question who asks in the first place."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ())))


def permission_of(app: Flask, rule: Rule) -> Permission:
    permission: Permission = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
    return permission


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def path_of(rule: Rule) -> str:
    values = {name: EXAMPLES.get(type(kind).__name__, "x") for name, kind in rule._converters.items()}
    built = rule.build(values, append_unknown=False)
    assert built is not None
    return built[1]


def may(role: str, permission: Permission) -> bool:
    return permission is Permission.PUBLIC or permission in ROLE_PERMISSIONS[role]


def row(app: Flask, rule: Rule) -> str:
    permission = permission_of(app, rule)
    who = "everybody" if permission is Permission.PUBLIC else " ".join(role for role in EMAILS if may(role, permission))
    return f"{' '.join(methods_of(rule)):12} {rule.rule:60} {permission:20} {who or 'programs with this scope'}"


def test_the_table_is_what_people_have_read(app_without_csrf: Flask) -> None:
    table = "".join(f"{row(app_without_csrf, rule).rstrip()}\n" for rule in rules(app_without_csrf))
    if os.environ.get(WRITE):
        TABLE.write_text(table, encoding="utf-8")
    assert table == TABLE.read_text(encoding="utf-8"), MEND


def test_the_permission_is_asked_for_before_any_other_decorator(app_without_csrf: Flask) -> None:
    views = app_without_csrf.view_functions
    inside = [name for name, view in views.items() if hasattr(getattr(view, "__wrapped__", None), "permission")]
    assert inside == []


@pytest.mark.parametrize("role", list(EMAILS))
def test_whoever_lacks_the_right_finds_nothing_there(app_without_csrf: Flask, role: str) -> None:
    client: FlaskClient = app_without_csrf.test_client()
    sign_in(client, EMAILS[role])
    statements: list[str] = []
    for engine in engines_of(app_without_csrf):
        event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    wrong = []
    for rule in rules(app_without_csrf):
        if may(role, permission_of(app_without_csrf, rule)):
            continue
        expected = 401 if rule.endpoint.startswith("api.") else 404
        for method in methods_of(rule):
            statements.clear()
            status = client.open(path_of(rule), method=method).status_code
            if status != expected or len(statements) > STATEMENTS_OF_A_REFUSAL:
                wrong.append(f"{method} {rule.rule}: {status}, {len(statements)} statements")
    assert wrong == []
