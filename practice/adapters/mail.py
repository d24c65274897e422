"""Writes one e-mail and hands it to an SMTP server, or keeps it in a folder where there is none."""

import os
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 20
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")


class MailRefused(ValueError):
    """The message must not be sent as it is: a header would break, or there is no usable address."""


class MailNotSent(Exception):
    """The server could not be reached or did not take the message; trying again later may help."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An iCalendar text that travels with the message: as an invitation (`method`) or, without one, a file."""

    content: bytes
    method: Literal["REQUEST", "CANCEL"] | None = None
    filename: str = "appointment.ics"


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything that an e-mail says; the same letter always becomes the same message."""

    message_id: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    html: str | None
    written_at: datetime
    reply_to: str | None = None
    calendar: CalendarPart | None = None


class Mailer(Protocol):
    """Whatever takes a message; raises MailNotSent when it did not."""

    def send(self, message: EmailMessage) -> None:
        """Deliver the message or raise MailNotSent."""


def compose(letter: Letter) -> EmailMessage:
    """Turn a letter into a message: text, HTML beside it, and the calendar part where it belongs.

    Raises MailRefused where a header holds a line break or control character, or an address is none.
    """
    if not MESSAGE_ID.fullmatch(letter.message_id):
        raise MailRefused("the Message-ID is malformed")
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = _address(letter.sender, letter.sender_name)
    message["To"] = _address(letter.to)
    if letter.reply_to is not None:
        message["Reply-To"] = _address(letter.reply_to)
    message["Subject"] = _one_line(letter.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    if letter.calendar is not None:
        _add_calendar(message, letter.calendar)
    _name_boundaries(message, letter.message_id)
    return message


def mailer_from(mail_url: str | None, folder: Path) -> Mailer:
    """Return the SMTP mailer for MAIL_URL, or one that keeps messages in the folder. Raises ValueError."""
    return SmtpMailer(mail_url) if mail_url else FolderMailer(folder)


class FolderMailer:
    """Keeps each message as one .eml file, named after its Message-ID."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file whole or not at all; sending the same message again replaces it."""
        name = re.sub(r"[^A-Za-z0-9._-]", "_", str(message["Message-ID"]).strip("<>").split("@")[0]).lstrip(".")
        path = self.folder / f"{name}.eml"
        partial = path.with_suffix(f".{os.getpid()}.partial")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_bytes(bytes(message))
            partial.replace(path)
        except OSError as error:
            raise MailNotSent(f"the mail folder cannot be written: {type(error).__name__}") from error


class SmtpMailer:
    """Sends over ``smtp://`` or ``smtps://``, with ``user:password@`` and ``?starttls=auto|always|never``."""

    def __init__(self, mail_url: str) -> None:
        """Read the address. Raises ValueError with a sentence that does not repeat the password."""
        parts = urlsplit(mail_url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("MAIL_URL must look like smtp://user:password@host:587 or smtps://host")
        self._host = parts.hostname
        self._implicit_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._implicit_tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._starttls = _starttls(parts)
        self._tls: Callable[[], ssl.SSLContext] = ssl.create_default_context

    def send(self, message: EmailMessage) -> None:
        """Deliver one message over its own connection. Raises MailNotSent, which names no recipient."""
        try:
            with self._connect() as server:
                self._secure(server)
                if self._user is not None:
                    server.login(self._user, self._password)
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            code = getattr(error, "smtp_code", None)
            detail = type(error).__name__ if code is None else f"{type(error).__name__} {code}"
            raise MailNotSent(f"the mail server did not take the message: {detail}") from error

    def _connect(self) -> smtplib.SMTP:
        if self._implicit_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=self._tls())
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)

    def _secure(self, server: smtplib.SMTP) -> None:
        """Use STARTTLS as asked; a password never crosses a network in the clear."""
        if self._implicit_tls:
            return
        server.ehlo()
        if self._starttls == "always" or (self._starttls == "auto" and server.has_extn("starttls")):
            server.starttls(context=self._tls())
            server.ehlo()
        elif self._user is not None and not _is_loopback(self._host):
            raise smtplib.SMTPNotSupportedError("the server offers no encryption for the password")


def _add_calendar(message: EmailMessage, part: CalendarPart) -> None:
    text = part.content.decode()
    if part.method is None:
        message.add_attachment(part.content, maintype="text", subtype="calendar", filename=part.filename)
        message.get_payload()[-1].set_param("charset", "utf-8")  # type: ignore[index, union-attr]
    else:
        message.add_alternative(text, subtype="calendar", charset="utf-8", params={"method": part.method})


def _name_boundaries(message: EmailMessage, message_id: str) -> None:
    """Give every multipart a boundary made from the Message-ID, so that the bytes are the same each time."""
    stem = re.sub(r"[^A-Za-z0-9]", "", message_id)[:40]
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={stem}={number}==")


def _address(address: str, name: str = "") -> Address:
    one_line = _one_line(address).strip()
    try:
        parsed = Address(_one_line(name), addr_spec=one_line)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise MailRefused("the e-mail address cannot be used") from error
    if not parsed.username or not parsed.domain or not one_line.isascii():
        raise MailRefused("the e-mail address cannot be used")
    return parsed


def _one_line(text: str) -> str:
    if CONTROL.search(text):
        raise MailRefused("a header holds a line break or a control character")
    return text


def _starttls(parts: SplitResult) -> str:
    wanted = parse_qs(parts.query).get("starttls", ["auto"])[0]
    if wanted not in {"auto", "always", "never"}:
        raise ValueError("starttls in MAIL_URL is auto, always or never")
    return wanted


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
