"""How names are compared: folded to plain letters, as they sound, and a letter away from each other."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Letters that Unicode does not take apart. "ß" and "ﬁ" are the fold's own.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"}
)
APOSTROPHES = "'’‘ʼ`´ʻ＇"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
LATIN = re.compile(r"[a-z]+", re.ASCII)
# What sounds alike, in the order in which it is replaced; "\b" is the beginning of the word.
SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"\b[kgp]n", "n"), (r"\bwr", "r"), (r"\bps", "s"), (r"mc|mac(?=[a-z]{3})", "mk"), (r"mp(?=[st])", "m"),
        (r"tsch|tch|sch|sh|cz|ch(?!r)", "s"), (r"ph", "f"), (r"\bgh", "g"), (r"gh", ""), (r"ck|ch", "k"), (r"qu", "kv"),
        (r"x", "ks"), (r"th|dt", "t"), (r"c(?=[eiy])", "s"), (r"[cqg]", "k"), (r"z", "s"), (r"[vw]", "f"),
        (r"d", "t"), (r"p", "b"), (r"\by", "j"), (r"(?<=.)h", ""), (r"\b[aeiou]+", "a"), (r"(?<=.)[aeiouy]", ""),
        (r"(.)\1+", r"\1"),
    )
)  # fmt: skip


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return a text in small letters, without accents and apostrophes, its words parted by single spaces.

    Letters of every script stay; what is neither letter nor number parts words.
    """
    return " ".join("".join(each if _is_part(each) else " " for each in plain(text)).split())


def plain(text: str) -> str:
    """Return a text in small letters, without accents and apostrophes; everything else stays."""
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(PLAIN)
    kept = [each for each in apart if not "\u0300" <= each <= "\u036f" and each not in APOSTROPHES]
    return unicodedata.normalize("NFC", "".join(kept))


def _is_part(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


@lru_cache(maxsize=16_384)
def sound_of(word: str) -> str:
    """Return what a folded word sounds like, roughly, "" where it is not in plain letters or says too little."""
    if not LATIN.fullmatch(word):
        return ""
    for pattern, to in SOUNDS:
        word = pattern.sub(to, word)
    return word if len(word) > 1 else ""


def a_letter_away(word: str) -> Iterator[str]:
    """Yield a word itself and every one that differs by a letter less, more or other, or by two that are swapped."""
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield word
    for head, tail in parts:
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in LETTERS)


@lru_cache(maxsize=16_384)
def distance(one: str, other: str) -> int:
    """Return how many letters have to be taken out, put in, changed or swapped to make one word of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        this = [row]
        for column, theirs in enumerate(other, 1):
            cost = min(this[-1] + 1, last[column] + 1, last[column - 1] + (letter != theirs))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == theirs:
                cost = min(cost, before[column - 2] + 1)
            this.append(cost)
        before, last = last, this
    return last[-1]


@lru_cache(maxsize=16_384)
def distance_typed(typed: str, word: str) -> int:
    """Return how far what was typed so far is from the beginning of a word."""
    ends = {max(1, min(len(word), len(typed) + more)) for more in (-1, 0, 1)}
    return min(distance(typed, word[:end]) for end in ends)
