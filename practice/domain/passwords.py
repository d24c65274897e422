"""What a password must be: long, and not one that others would try first. No rules about what it is made of."""

import unicodedata
from collections.abc import Collection, Iterable
from itertools import pairwise

SHORTEST = 15
LONGEST = 256
LEAST_OWN = 8  # characters that are left when the words that everybody here knows are taken out
LONGEST_PATTERN = 6

TOO_SHORT = f"Use at least {SHORTEST} characters. A few words that only you would put together work well."
TOO_LONG = f"Use {LONGEST} characters or fewer."
TOO_COMMON = "Many people use this password, so it would be tried first. Please choose another."
TOO_CLOSE = "This is close to your name, your e-mail address or the practice's name. Please choose another."


def normalize(password: str) -> str:
    """Return the one form of ``password`` that is hashed, so that it does not depend on a keyboard's habits."""
    return unicodedata.normalize("NFKC", password)


def problem_with(password: str, *, known: Iterable[str] = (), blocklist: Collection[str] = frozenset()) -> str | None:
    """Return the sentence that says why ``password`` cannot be used, or None where it can.

    ``known`` are names that belong to the account or the practice; ``blocklist`` holds passwords as ``bare`` makes
    them.
    """
    password = normalize(password)
    if len(password) < SHORTEST:
        return TOO_SHORT
    if len(password) > LONGEST:
        return TOO_LONG
    stripped = bare(password)
    if stripped in blocklist or stripped.rstrip("0123456789") in blocklist or is_pattern(password.casefold()):
        return TOO_COMMON
    if len(_without(stripped, known)) < min(LEAST_OWN, len(stripped)):
        return TOO_CLOSE
    return None


def bare(text: str) -> str:
    """Return the letters and digits of ``text`` in lower case."""
    return "".join(character for character in normalize(text).casefold() if character.isalnum())


def is_pattern(text: str) -> bool:
    """Whether ``text`` is a short piece said over and over, or counts steadily up or down."""
    if any(text == (text[:size] * len(text))[: len(text)] for size in range(1, LONGEST_PATTERN + 1)):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    steady = sum(step in (1, -1, 0, -9, 9) for step in steps)
    return steady >= len(steps) - 1


def _without(stripped: str, known: Iterable[str]) -> str:
    words = {bare(word) for name in known for word in (name, *name.replace("@", " ").replace(".", " ").split())}
    for word in sorted((word for word in words if len(word) >= 4), key=lambda word: (-len(word), word)):
        stripped = stripped.replace(word, "")
    return stripped
