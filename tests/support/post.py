"""Mail servers that tests can trust to fail."""

import socket
import threading
from email.message import EmailMessage
from typing import IO

from practice.adapters.mail import MailNotSent


class Postbox:
    """Takes messages while it is open; while it is closed it refuses them as an unreachable server would."""

    def __init__(self) -> None:
        self.is_open = True
        self.taken: list[EmailMessage] = []
        self.tries: list[str] = []

    def send(self, message: EmailMessage) -> None:
        self.tries.append(message["Message-ID"])
        if not self.is_open:
            raise MailNotSent("the mail server did not take the message: ConnectionRefusedError")
        self.taken.append(message)


class SlowServer:
    """A polite server that keeps its last answer back until ``go_on``; ``has_message`` says that it has it all."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"smtp://127.0.0.1:{self.listener.getsockname()[1]}?starttls=never"
        self.has_message, self.go_on = threading.Event(), threading.Event()
        self.messages: list[str] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            with connection, connection.makefile("rwb") as stream:
                self._talk(stream)

    def _talk(self, stream: IO[bytes]) -> None:
        def say(text: bytes) -> None:
            stream.write(text + b"\r\n")
            stream.flush()

        say(b"220 ready")
        body: list[str] | None = None
        for raw in stream:
            line = raw.decode().rstrip("\r\n")
            if body is not None:
                body.append(line)
                if line == ".":
                    self.messages.append("\n".join(body))
                    body = None
                    self.has_message.set()
                    self.go_on.wait(180)
                    say(b"250 taken")
            elif line.upper() == "DATA":
                body = []
                say(b"354 go on")
            elif line.upper() == "QUIT":
                say(b"221 bye")
                return
            else:
                say(b"250 fine")

    def close(self) -> None:
        self.go_on.set()
        self.listener.close()
