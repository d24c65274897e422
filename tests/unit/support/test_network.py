"""The harness: tests reach this machine and nothing else."""

import socket

import pytest

from tests.support.network import OutsideWorldError


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)], ids=str)
def test_another_machine_is_out_of_reach(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as outgoing, pytest.raises(OutsideWorldError):
        outgoing.connect(address)


def test_names_of_others_are_not_looked_up() -> None:
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("example.org", 443)


def test_this_machine_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
