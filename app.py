"""The application that servers and the ``flask`` command load."""

import os
import sys

from practice.factory import create_app
from practice.settings import SettingsError

# Two commands are about the demo practice alone: to type one of them is to ask for demo mode.
if sys.argv[1:2] in (["demo"], ["serve"]) or (sys.argv[1:2] == ["--app"] and sys.argv[3:4] in (["demo"], ["serve"])):
    os.environ.setdefault("PRACTICE_MODE", "demo")

try:
    app = create_app()
except SettingsError as error:
    if "FLASK_RUN_FROM_CLI" in os.environ:  # a command says the sentence alone; a server logs where it comes from
        sys.exit(str(error))
    raise
