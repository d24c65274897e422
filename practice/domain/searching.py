"""What makes a client findable, and what the desk asks for: both read into the same terms.

A term is a letter that says what it is, and a text: ``n`` a word of a name, ``s`` what it sounds like, ``a`` the e-mail
address before the @, ``e`` a part of that, ``p`` digits of the phone number. Whoever looks for terms that begin with
what was typed finds every client whose name, address or number does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from practice.domain.spelling import APOSTROPHES, folded, plain, sound_of
from practice.domain.typed_dates import typed_dates

NAME, SOUND, ADDRESS, EMAIL, PHONE = "n", "s", "a", "e", "p"
LOWEST, HIGHEST = "\x01", "\U0010ffff"
LONGEST = 40  # characters of a name's word, or an address, that are told apart
EMAIL_LENGTH = 12  # characters of a part of an address that are told apart
LEAST_INSIDE = 3  # letters that a part inside an address, or digits that a part of a number, must have
LAST_DIGITS = 4
MOST_WORDS = 6
# Words of a name that are also written together with the next: "de la Cruz", "delacruz".
PARTICLES = frozenset(
    {"al", "ben", "bin", "da", "de", "del", "den", "der", "des", "di", "dos", "du", "el", "la", "le", "mac", "mc", "st"}
    | {"ten", "ter", "van", "von", "zu"}
)
TRUNK_LENGTH = 7  # digits from which a zero in front stands for the country
NUMBER = re.compile(r"[0-9+()\-./ ]*", re.ASCII)
WORD_PARTS = re.compile(rf"[\s\-‐–{APOSTROPHES}]+")
BEGUN_ADDRESS = re.compile(r"\w+[._+]\S+", re.ASCII)  # the beginning of an e-mail address, not yet up to its @
RUNS = re.compile(r"[^\W\d_]+|\d+")
# Countries whose code has two digits; "1" and "7" have one, all others three (ITU-T E.164).
TWO_DIGITS = frozenset(
    str(code)
    for code in (
        *(20, 27, 36, 39, 40, 41, 81, 82, 84, 86, 98),
        *(*range(30, 35), *range(43, 50), *range(51, 59), *range(60, 67), *range(90, 96)),
    )
)


@dataclass(frozen=True)
class Findable:
    """What is known of a client that finds them. ``phone`` is E.164."""

    name: str
    chosen_name: str = ""
    email: str | None = None
    phone: str | None = None

    @cached_property
    def words(self) -> str:
        """Both names, folded, with a space around every word."""
        return f" {' '.join(_name_words((self.name, self.chosen_name)))} "

    @cached_property
    def contact(self) -> str:
        """The part of the address before the @, folded, and the phone's digits, with a space around each."""
        return f" {' '.join(each for each in (self._local, _digits(self.phone or '')) if each)} "

    @cached_property
    def terms(self) -> frozenset[str]:
        """Every term that finds this client."""
        names = self.words.split()
        return frozenset(
            [
                *(NAME + part for word in names for part in _beginnings(word)),
                *(SOUND + sound for word in names if (sound := sound_of(word))),
                *([ADDRESS + self._local[:LONGEST]] if self._local else []),
                *(EMAIL + part for part in _email_parts(self._local)),
                *(PHONE + part for part in _phone_parts(_digits(self.phone or ""))),
            ]
        )

    @cached_property
    def _local(self) -> str:
        return plain((self.email or "").rpartition("@")[0])


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that was asked for: terms from ``ranges`` lead to it, and it holds where one of the fragments is there.

    ``words`` are looked for in a client's words, ``contact`` in their contact. ``typed`` is the folded word or the
    digits, ``sound`` what it sounds like, where that counts too. ``is_contact`` says that it is an address or a number.
    """

    typed: str
    ranges: tuple[tuple[str, str], ...]
    words: tuple[str, ...] = ()
    contact: tuple[str, ...] = ()
    is_contact: bool = False
    sound: str = ""

    @property
    def exact(self) -> tuple[str, str]:
        """The range of the one term that is all that was typed."""
        term = PHONE + self.typed[-LAST_DIGITS:] if self.is_contact else NAME + self.typed[:LONGEST]
        return term, term + LOWEST

    @property
    def is_name(self) -> bool:
        """Whether it can be a word of a name, to be looked for with other spellings too."""
        return self.typed.isalpha() and len(self.typed) >= LEAST_INSIDE


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed: all ``needs`` must hold, and one of the birth dates where there are any."""

    needs: tuple[Need, ...] = ()
    birth_dates: tuple[date, ...] = ()
    email: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not self.needs and not self.birth_dates


def read_query(text: str, today: date, *, month_first: bool) -> list[Query]:
    """Return what a text can mean, the likeliest first: a date, a date beside words, a number, words."""
    found = []
    dates = typed_dates(text, today, month_first=month_first)
    if dates:
        found.append(Query(birth_dates=tuple(dates)))
    digits = _digits(text)
    if NUMBER.fullmatch(text) and len(digits) >= LEAST_INSIDE and (not dates or text.strip() == digits):
        found.append(Query((_number(digits),)))
    elif not dates:
        if BEGUN_ADDRESS.fullmatch(text.strip()):
            found.append(_words(text.strip() + "@", today, month_first=month_first))
        found.append(_words(text, today, month_first=month_first))
    return [query for query in found if not query.is_empty]


def name_query(name: str) -> Query:
    """Return the query for everybody who is called like this."""
    return Query(tuple(_word(word) for word in folded(name).split()[:MOST_WORDS]))


def begins(term: str) -> tuple[str, str]:
    """Return the range of the terms that begin with ``term``: from, and up to."""
    return term, term + HIGHEST


def _words(text: str, today: date, *, month_first: bool) -> Query:
    needs: list[Need] = []
    dates: list[date] = []
    email = ""
    for chunk in text.split():
        found = typed_dates(chunk, today, month_first=month_first)
        if found and not dates:
            dates = found
        elif "@" in chunk:
            email = plain(chunk.removesuffix("@"))
            needs += [_address(local)] if (local := email.partition("@")[0]) else []
        else:
            needs += [_word(each) for each in folded(chunk).split()]
    return Query(tuple(needs[:MOST_WORDS]), tuple(dates), email)


def _address(local: str) -> Need:
    return Need(local, (begins(ADDRESS + local[:LONGEST]),), (), (f" {local}",), is_contact=True)


def _word(word: str) -> Need:
    ranges, contact = [begins(NAME + word[:LONGEST])], []
    if len(word) >= LEAST_INSIDE:
        contact.append(word)
        ranges.append(begins(EMAIL + word[:EMAIL_LENGTH]))
        if word.isascii() and word.isdecimal():
            ranges.append(begins(PHONE + word))
    inside = _is_unspaced(word)
    return Need(word, tuple(ranges), (word if inside else f" {word}",), tuple(contact))


def _number(digits: str) -> Need:
    """A phone number however it is written: from its start, with or without the country, or its last digits."""
    without = [digits.removeprefix("011"), digits.lstrip("0")] if len(digits) >= TRUNK_LENGTH else []
    ways = [way for way in dict.fromkeys([digits, *without]) if way]
    ranges = [begins(PHONE + way) for way in ways]
    if len(digits) > LAST_DIGITS:
        ranges.append(begins(PHONE + digits[-LAST_DIGITS:]))
    ranges.append(begins(EMAIL + digits[:EMAIL_LENGTH]))
    return Need(digits, tuple(ranges), (f" {digits}",), tuple(way for way in ways if len(way) >= LEAST_INSIDE), True)


def _name_words(names: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for name in names:
        pieces = [part for chunk in name.split() for part in _parts(chunk)]
        found |= dict.fromkeys(pieces)
        found |= dict.fromkeys(_joined(pieces))
        found |= dict.fromkeys(together for chunk in name.split() if (together := folded(chunk).replace(" ", "")))
    return list(found)


def _joined(pieces: list[str]) -> Iterator[str]:
    """Each particle written together with what follows, up to the word that it belongs to."""
    for start, piece in enumerate(pieces):
        end = start
        while end < len(pieces) and pieces[end] in PARTICLES:
            end += 1
        if piece in PARTICLES and end < len(pieces):
            yield "".join(pieces[start : end + 1])


def _parts(chunk: str) -> list[str]:
    return [word for part in WORD_PARTS.split(chunk) for word in folded(part).split()]


def _beginnings(word: str) -> Iterator[str]:
    """A word, and in writing that does without spaces each of its characters with what follows."""
    starts = range(len(word)) if _is_unspaced(word) else (0,)
    yield from (word[start : start + LONGEST] for start in starts)


def _is_unspaced(word: str) -> bool:
    """Whether a word is in a script whose names stand without spaces: Han, Kana, Hangul, Thai and their neighbours."""
    return any("\u0e00" <= each <= "\u0eff" or "\u1100" <= each <= "\u11ff" or each >= "\u3040" for each in word)


def _email_parts(local: str) -> Iterator[str]:
    for run in RUNS.finditer(local):
        last = run.end() - LEAST_INSIDE if run[0].isalpha() else run.start()
        rest = re.match(r"[^\W_]*", local[run.start() :])
        block = run.start() + (rest.end() if rest else 0)
        for start in range(run.start(), max(last, run.start()) + 1):
            yield local[start : min(block, start + EMAIL_LENGTH)]


def _phone_parts(digits: str) -> Iterator[str]:
    if digits:
        yield digits
        yield digits[1 if digits[0] in "17" else 2 if digits[:2] in TWO_DIGITS else 3 :]
        yield digits[-LAST_DIGITS:]


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)
