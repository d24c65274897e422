"""The messages that were kept instead of sent: how a demo practice, which has no mail server, is read."""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from practice.domain.errors import NotFound
from practice.domain.permissions import Permission
from practice.settings import Settings
from practice.web.access import requires
from practice.web.dev.blueprint import bp
from practice.web.frame import the_facts
from practice.web.presenting import format_moment, habit_of

SHOWN = 100


@dataclass(frozen=True, slots=True)
class KeptView:
    """A message as the pages show it; ``links`` are the practice's own addresses in it."""

    name: str
    to: str
    subject: str
    when: str
    text: str
    links: tuple[str, ...]


@bp.get("/mail")
@requires(Permission.PUBLIC)
def mails() -> ResponseReturnValue:
    """List the newest messages."""
    kept = [read(path) for path in kept_files()[:SHOWN]]
    return render_template("dev/mails.html", kept=kept, is_sent=bool(the_settings().mail_url))


@bp.get("/mail/<name>")
@requires(Permission.PUBLIC)
def mail(name: str) -> ResponseReturnValue:
    """Show one message as text."""
    found = next((path for path in kept_files() if path.stem == name), None)
    if found is None:
        raise NotFound
    return render_template("dev/mail.html", kept=read(found))


def the_settings() -> Settings:
    """Return the settings of the application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def kept_files() -> list[Path]:
    """Return the files of the messages, the newest first."""
    folder = the_settings().instance / "mail"
    return sorted(folder.glob("*.eml"), key=lambda path: (-path.stat().st_mtime_ns, path.name))


def read(path: Path) -> KeptView:
    """Return what is in a file."""
    message = BytesParser(EmailMessage, policy=default).parsebytes(path.read_bytes())
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else ""
    facts, base = the_facts(), re.escape(the_settings().base_url)
    return KeptView(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        when=format_moment(parsedate_to_datetime(str(message["Date"])), facts.zone, habit_of(facts.locale)),
        text=text,
        links=tuple(dict.fromkeys(re.findall(rf"{base}/[^\s<>\"]+", text))),
    )
