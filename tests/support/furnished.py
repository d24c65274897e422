"""The small practice of the cast, written once a process for each kind of database, and copied for each test."""

from copy import deepcopy
from pathlib import Path

import pytest

from practice.db import unit_of_work
from practice.factory import create_app
from tests.support.apps import engines_of, settings_for
from tests.support.cast import Cast, assemble
from tests.support.databases import Database, Kind, make


class Furnishing:
    """Databases that hold the practice of the cast, and who is who in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[Kind, tuple[Database, Cast]] = {}

    def furnish(self, database: Database) -> Cast:
        """Write the practice into a clean database, and let go of it."""
        app = create_app(settings_for(database, self.folder))
        with app.app_context(), unit_of_work() as session:
            cast = assemble(session, app.extensions["vault"])
        for engine in engines_of(app):  # the writer last: on SQLite it brings all that was written into the file
            engine.dispose()
        return cast

    def template(self, kind: Kind) -> Database:
        """Return the database to copy, which nobody is connected to."""
        if kind not in self.made:
            database = make(kind)
            self.made[kind] = database, self.furnish(database)
        return self.made[kind][0]

    def cast(self, database: Database) -> Cast:
        """Return who is who in ``database``, which is furnished if it was not copied; the answer is the test's own."""
        template, cast = self.made.get(database.kind, (None, None))
        is_copy = template is not None and database.template == template.name
        return deepcopy(cast) if is_copy and cast is not None else self.furnish(database)


@pytest.fixture(scope="session")
def furnishing(tmp_path_factory: pytest.TempPathFactory) -> Furnishing:
    """The furnished databases of this process."""
    return Furnishing(tmp_path_factory.mktemp("furnishing"))


@pytest.fixture
def furnished(database: Database, furnishing: Furnishing) -> Cast:
    """The small practice in the test's database: whoever asks for this gets a database that was copied with it."""
    return furnishing.cast(database)
