"""The application with its walls taken down, to show that the races are real: served by a test, never by anybody.

WALLS names those that stand: "locks" (the order in which writers come), "constraint" (the database's own; the test
takes it away beforehand), both or none. In every case there is a pause between looking and writing.
"""

import os
import time
from typing import Any

from practice import db
from practice.factory import create_app
from practice.services import booking, ledger

PAUSE = 0.05

if "locks" not in os.environ["WALLS"]:
    db.BEGIN[True] = "PRAGMA query_only=OFF"  # SQLite: each statement is a transaction of its own

    def no_lock(*_: Any) -> None:
        """Wait for nobody."""

    ledger.lock = no_lock

look = booking.find_place


def look_and_pause(*args: Any, **options: Any) -> Any:
    """Look whether the time is free, and give everybody else the time to look too."""
    found = look(*args, **options)
    time.sleep(PAUSE)
    return found


booking.find_place = look_and_pause
app = create_app()
