"""What the terms of all clients tell before any client is read: how many there are, and what may have been meant."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from practice.domain.searching import NAME, SOUND, Need, begins
from practice.domain.spelling import a_letter_away, distance_typed, sound_of

NEAREST = 6
SHORT = 5  # letters under which the first one is taken to be right
Range = tuple[str, str]

# In words of their own: the same few, whatever is asked for, and each answer is one look at the index.
_COUNT = (
    "SELECT (SELECT count(*) FROM (SELECT 1 FROM client_term "
    "WHERE term >= {first} AND term < {end} LIMIT :most) AS few) FROM {each} ORDER BY key"
)
_COUNTS = {
    "sqlite": text(
        _COUNT.format(
            first="json_extract(value, '$[0]')",
            end="json_extract(value, '$[1]')",
            each="json_each(:ranges)",
        )
    ),
    "postgresql": text(
        _COUNT.format(
            first="(value ->> 0)",
            end="(value ->> 1)",
            each="json_array_elements(CAST(:ranges AS json)) WITH ORDINALITY AS each (value, key)",
        )
    ),
}
_NEXT = "SELECT value, (SELECT min(term) FROM client_term WHERE term >= value) FROM {each}"
_NEXTS = {
    "sqlite": text(_NEXT.format(each="json_each(:guesses)")),
    "postgresql": text(_NEXT.format(each="json_array_elements_text(CAST(:guesses AS json)) AS each (value)")),
}


def sizes(session: Session, ways: Sequence[Sequence[Range]], most: int) -> list[int]:
    """Return how many terms lie in the ranges of each way, counted no further than just beyond ``most`` a range."""
    connection = session.connection()
    asked = {"ranges": json.dumps([each for ranges in ways for each in ranges]), "most": most + 1}
    counts = iter(connection.execute(_COUNTS[connection.dialect.name], asked).scalars().all())
    return [sum(next(counts) for _ in ranges) for ranges in ways]


def nearby(session: Session, needs: Collection[Need]) -> list[Need]:
    """Return the needs with what else they may have meant: words a letter away, and words that sound alike.

    One statement, whatever is asked for.
    """
    guesses = {need.typed: {NAME + word for word in _guesses(need.typed)} for need in needs if need.is_name}
    connection = session.connection()
    asked = {"guesses": json.dumps(sorted(set().union(*guesses.values())))}
    rows = connection.execute(_NEXTS[connection.dialect.name], asked).all()
    there = {guess for guess, term in rows if term and term.startswith(guess)}
    return [_widened(need, there & guesses[need.typed]) if need.is_name else need for need in needs]


def _guesses(typed: str) -> Iterator[str]:
    return (word for word in a_letter_away(typed) if len(typed) >= SHORT or word[:1] == typed[:1])


def _widened(need: Need, there: set[str]) -> Need:
    words = sorted(
        (guess.removeprefix(NAME) for guess in there),
        key=lambda word: (word != need.typed, distance_typed(need.typed, word), abs(len(word) - len(need.typed)), word),
    )[:NEAREST]
    sound = sound_of(need.typed)
    ranges = [begins(NAME + word) for word in words] + ([begins(SOUND + sound)] if sound else [])
    return replace(need, ranges=tuple(ranges), words=tuple(f" {word}" for word in words), sound=sound)
