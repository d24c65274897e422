"""The style page shows every component that there is, in every look that the stylesheets know."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes
from jinja2.runtime import Macro
from wtforms import Field

from practice.web.dev.style import StyleForm, wrong_form
from tests.support.databases import Database, create

ROOT = Path(__file__).parents[3]
# A look is a second class of one of these: .badge.good, .button.danger.
LOOKED_AT = "badge|button|flash|event|avatar|input|choice|card|counts"


@pytest.fixture
def database() -> Iterator[Database]:
    """One kind is enough: the page asks nothing of it."""
    yield from create("sqlite")


def test_every_component_is_shown(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: set[tuple[str, str]] = set()
    invoke = Macro._invoke

    def noting(self: Macro, *args: object) -> str:
        drawn.add((Path(self._func.__code__.co_filename).name, self.name))
        return invoke(self, *args)

    monkeypatch.setattr(Macro, "_invoke", noting)
    assert app.test_client().get("/dev/style").status_code == 200

    written = {
        (path.name, macro.name)
        for path in (ROOT / "templates/components").glob("*.html")
        for macro in app.jinja_env.parse(path.read_text()).find_all(nodes.Macro)
    }
    assert written
    assert written - drawn == set(), "add these to templates/dev/style"


def test_every_look_is_shown(app: Flask) -> None:
    page = app.test_client().get("/dev/style").get_data(as_text=True)
    shown = [set(words.split()) for words in re.findall(r'class="([^"]*)"', page)]
    styles = "".join(path.read_text() for path in (ROOT / "static/css").glob("*.css"))

    looks = set(re.findall(rf"\.({LOOKED_AT})\.([a-z][a-z0-9-]*)", styles))

    assert ("badge", "good") in looks
    assert sorted(look for look in looks if not any(set(look) <= classes for classes in shown)) == []


def test_every_field_is_shown_refused(app: Flask) -> None:
    with app.test_request_context():
        form = wrong_form()
        fine: list[Field] = [field for field in form if not field.errors]

    assert fine == []
    assert len(form.problems) == len(StyleForm._unbound_fields or ())
