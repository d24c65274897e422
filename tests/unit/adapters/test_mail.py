"""What a message looks like, and that it reaches a server or the folder."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.adapters.mail import (
    CalendarPart,
    FolderMailer,
    Letter,
    MailNotSent,
    MailRefused,
    SmtpMailer,
    compose,
    mailer_from,
)

LETTER = Letter(
    message_id="<abc-123@practice.test>",
    sender="hello@practice.test",
    sender_name="Foundations Therapy",
    to="alice@example.org",
    subject="Your appointment",
    text="It is on Tuesday.\n",
    html="<p>It is on Tuesday.</p>\n",
    written_at=datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
)
ICS = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def read(message: EmailMessage) -> EmailMessage:
    parsed = message_from_bytes(bytes(message), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_text_comes_first_and_html_beside_it() -> None:
    message = read(compose(LETTER))
    assert message["From"] == "Foundations Therapy <hello@practice.test>"
    assert message["Date"] == "Sun, 29 Mar 2026 00:30:00 +0000"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_file_is_attached_and_an_invitation_is_an_alternative() -> None:
    file = read(compose(replace(LETTER, calendar=CalendarPart(ICS))))
    attachment = next(file.iter_attachments())
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_filename() == "appointment.ics"
    assert attachment.get_payload(decode=True) == ICS
    invitation = read(compose(replace(LETTER, calendar=CalendarPart(ICS, method="REQUEST"))))
    part = list(invitation.iter_parts())[-1]
    assert part["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert part.get_payload(decode=True).replace(b"\r\n", b"\n") == ICS.replace(b"\r\n", b"\n")


def test_the_same_letter_is_the_same_bytes() -> None:
    letter = replace(LETTER, calendar=CalendarPart(ICS))
    assert bytes(compose(letter)) == bytes(compose(letter))


BREAKS = st.sampled_from(["\r", "\n", "\r\n", "\x00", "\x0b", "\x85", "\u2028"])


@given(st.text(max_size=20), BREAKS, st.sampled_from(["subject", "to", "sender", "sender_name", "reply_to"]))
def test_no_header_can_be_slipped_in(text: str, line_break: str, where: str) -> None:
    with pytest.raises(MailRefused):
        compose(replace(LETTER, **{where: f"{text}{line_break}Bcc: eve@example.org"}))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=60))
def test_any_one_line_subject_is_carried_and_adds_no_header(subject: str) -> None:
    message = read(compose(replace(LETTER, subject=subject)))
    assert set(message.keys()) == set(read(compose(LETTER)).keys())
    assert message["To"] == LETTER.to


@pytest.mark.parametrize("address", ["", "alice", "a@", "@b", "a@b, c@d", "a b@c", "<a@b>", "ålice@example.org"])
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(MailRefused):
        compose(replace(LETTER, to=address))


@pytest.mark.parametrize("message_id", ["abc", "<a b@c>", "<a@b>\r\nBcc: x@y"])
def test_a_malformed_message_id_is_refused(message_id: str) -> None:
    with pytest.raises(MailRefused):
        compose(replace(LETTER, message_id=message_id))


def test_without_a_server_mail_is_kept_once_in_the_folder(tmp_path: Path) -> None:
    mailer = mailer_from(None, tmp_path / "mail")
    mailer.send(compose(LETTER))
    mailer.send(compose(LETTER))
    kept = list((tmp_path / "mail").iterdir())
    assert [path.name for path in kept] == ["abc-123.eml"]
    assert kept[0].read_bytes() == bytes(compose(LETTER))


def test_a_folder_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MailNotSent):
        FolderMailer(tmp_path / "file").send(compose(LETTER))


@dataclass
class Server:
    """A very small SMTP server that remembers what it was told."""

    greeting: str = "220 ready"
    answer_to_data: str = "250 taken"
    lines: list[str] = field(default_factory=list)
    port: int = 0

    def talk(self, handler: socketserver.StreamRequestHandler) -> None:
        def say(text: str) -> None:
            handler.wfile.write(text.encode() + b"\r\n")

        say(self.greeting)
        in_data = False
        for raw in handler.rfile:
            line = raw.decode().rstrip("\r\n")
            self.lines.append(line)
            verb = line.split(" ")[0].upper()
            if in_data:
                in_data = line != "."
                if not in_data:
                    say(self.answer_to_data)
            elif verb == "EHLO":
                say("250-practice\r\n250 AUTH PLAIN")
            elif verb == "DATA":
                in_data = True
                say("354 go on")
            elif verb == "AUTH":
                say("235 welcome")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


@pytest.fixture
def server() -> Iterator[Server]:
    talker = Server()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            talker.talk(self)

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as listening:
        talker.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield talker
        listening.shutdown()
        thread.join()


def test_a_server_gets_the_message_and_the_sign_in(server: Server) -> None:
    SmtpMailer(f"smtp://al%40ice:s%3Acret@127.0.0.1:{server.port}").send(compose(LETTER))
    assert "mail FROM:<hello@practice.test>" in [line.split(" size")[0] for line in server.lines]
    assert "rcpt TO:<alice@example.org>" in server.lines
    assert "Message-ID: <abc-123@practice.test>" in server.lines
    assert any(line.startswith("AUTH PLAIN") for line in server.lines)


def test_a_refusal_is_not_sent_and_names_nobody(server: Server) -> None:
    server.answer_to_data = "451 alice@example.org is over quota"
    with pytest.raises(MailNotSent, match="451") as caught:
        SmtpMailer(f"smtp://127.0.0.1:{server.port}").send(compose(LETTER))
    assert "alice" not in str(caught.value)


def test_no_server_is_not_sent(server: Server) -> None:
    server.greeting = "554 closed"
    with pytest.raises(MailNotSent):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}").send(compose(LETTER))


def test_encryption_that_was_asked_for_is_not_done_without(server: Server) -> None:
    with pytest.raises(MailNotSent):
        SmtpMailer(f"smtp://127.0.0.1:{server.port}?starttls=always").send(compose(LETTER))
    assert not any(line.upper().startswith("MAIL") for line in server.lines)


@pytest.mark.parametrize("url", ["http://host", "smtp://", "smtp:host", "smtp://u:secret@host?starttls=perhaps"])
def test_an_address_that_cannot_work_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="MAIL_URL") as caught:
        SmtpMailer(url)
    assert "secret" not in str(caught.value)
