"""The application that servers and the ``flask`` command load."""

from practice.factory import create_app

app = create_app()
