"""Keeps the tests on this machine: a connection to anywhere else is an error."""

import ipaddress
import sys
from typing import Any

WATCHED = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}


class OutsideWorldError(RuntimeError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether ``host`` is this machine (or no host at all, as for a wildcard)."""
    if isinstance(host, bytes | bytearray):
        host = bytes(host).decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what leaves this machine; an audit hook, so no library gets around it by its imports."""
    if event not in WATCHED:
        return
    target = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    if event != "socket.getaddrinfo":
        if not isinstance(target, tuple):  # a Unix socket's path, or a connected socket's missing address
            return
        target = target[0]
    if not is_local(target):
        msg = f"A test tried to reach {target!r}."
        raise OutsideWorldError(msg)


def block() -> None:
    """Begin to refuse; there is no way back within this process."""
    sys.addaudithook(watch)
