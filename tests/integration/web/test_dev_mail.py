"""The demo's messages can be read, and nothing else can."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from practice.adapters.mail import FolderMailer, Letter, compose
from tests.support.client import CheckedClient

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def kept(app: Flask) -> str:
    """The name of a kept message with a link in it, in a folder with a secret beside it."""
    folder = app.extensions["settings"].instance / "mail"
    letter = Letter(
        message_id="<first@practice.test>",
        sender="hello@practice.test",
        sender_name="Foundations Therapy",
        to="alice@example.org",
        subject="Your <sign-in> link",
        text="Open http://127.0.0.1:8000/sign-in/link/token.\n\n<script>alert(1)</script>\n",
        html=None,
        written_at=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
    )
    FolderMailer(folder).send(compose(letter))
    (folder.parent / "secret.eml").write_text("Subject: not in the folder\n\n")
    (folder / "other.txt").write_text("not a message")
    return "first"


def test_without_messages_the_page_says_so(client: CheckedClient) -> None:
    assert "Nothing has been written yet" in client.get("/dev/mail").text


def test_messages_are_listed_and_shown_as_text(client: CheckedClient, kept: str) -> None:
    page = client.get("/dev/mail").text
    assert "Your &lt;sign-in&gt; link" in page
    assert f"/dev/mail/{kept}" in page
    letter = client.get(f"/dev/mail/{kept}")
    assert letter.status_code == 200
    assert 'href="http://127.0.0.1:8000/sign-in/link/token."' in letter.text
    assert "&lt;script&gt;" in letter.text


@pytest.mark.parametrize("name", ["nothing", "other", "../secret", "..%2Fsecret", "secret"])
def test_nothing_else_is_shown(client: CheckedClient, kept: str, name: str) -> None:
    assert client.get(f"/dev/mail/{name}").status_code == 404
