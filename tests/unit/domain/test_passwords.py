"""What may be a password: length and what everybody would try, nothing about its characters."""

import pytest

from practice.adapters.passwords import Passwords, blocklist
from practice.domain.passwords import TOO_CLOSE, TOO_COMMON, TOO_LONG, TOO_SHORT, problem_with

KNOWN = ("alice@example.com", "Alice Moreau", "Foundations Therapy")


def problem(password: str) -> str | None:
    return problem_with(password, known=KNOWN, blocklist=blocklist())


@pytest.mark.parametrize(
    "password",
    [
        "a lantern by the quiet sea",
        "alllowercaseletterswithoutspaces",
        "fifteen letters",
        "    spaces  at  both  ends    ",
        "ŝvebaj kukoloj ĉe la maro",
        "x" * 10 + "7 odd pears on a shelf " * 9,
        "foundations of a house by the sea",
    ],
)
def test_long_passwords_of_any_kind_are_taken(password: str) -> None:
    assert problem(password) is None


@pytest.mark.parametrize(
    "password, said",
    [
        ("fourteen chars", TOO_SHORT),
        ("x7" * 129, TOO_LONG),
        ("correct horse battery staple", TOO_COMMON),
        ("Correct-Horse-Battery-Staple!", TOO_COMMON),
        ("passwordpassword2026", TOO_COMMON),
        ("aaaaaaaaaaaaaaaaaaaa", TOO_COMMON),
        ("abcabcabcabcabcabc", TOO_COMMON),
        ("12345678901234567890", TOO_COMMON),
        ("foundations-demo", TOO_COMMON),
        ("Foundations Therapy 1", TOO_COMMON),
        ("The Foundations Therapy", TOO_CLOSE),
        ("alice.moreau@example.com", TOO_CLOSE),
        ("Alice Moreau Alice Moreau", TOO_CLOSE),
    ],
)
def test_what_others_would_try_is_refused(password: str, said: str) -> None:
    assert problem(password) == said


def test_a_hash_answers_to_its_password_only() -> None:
    passwords = Passwords(memory_kib=64, rounds=1)
    stored = passwords.hash("cafe\u0301 by the quiet sea")
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, "café by the quiet sea")
    assert not passwords.verify(stored, "cafe by the quiet sea")
    assert not passwords.verify(None, "café by the quiet sea")
    assert not passwords.verify("not a hash", "café by the quiet sea")
    assert Passwords(memory_kib=64, rounds=2).is_stale(stored)
