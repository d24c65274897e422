"""Who has to consent to care, and whose consent counts: by age, on a date of the practice's own clock.

Of age, or of whom no birth date is known: the client, once they are of age. A minor old enough to consent alone: the
client. A younger one: as many guardians as the practice asks for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from practice.domain.ages import birthday_in, has_reached


class GivenAs(StrEnum):
    """In what capacity somebody consents."""

    SELF = "self"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class ConsentRules:
    """What the practice asks for: at what ages, and of how many guardians."""

    majority_age: int = 18
    alone_age: int = 18
    needed: int = 1

    @property
    def own_age(self) -> int:
        """From what age a client consents themselves."""
        return min(self.alone_age, self.majority_age)


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """A consent that was not withdrawn: by which account (None: at the desk), as whom, and on which date."""

    account_id: int | None
    given_as: str
    given_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Who has to consent, how many of them did, and how many are needed."""

    by: GivenAs
    given: int
    needed: int

    @property
    def is_due(self) -> bool:
        """Whether somebody still has to consent."""
        return self.given < self.needed


def is_of_age(born_on: date | None, rules: ConsentRules, on: date) -> bool:
    """Whether nobody acts for this client as a guardian any more."""
    return born_on is not None and has_reached(born_on, rules.majority_age, on)


def decides_alone(born_on: date | None, rules: ConsentRules, on: date) -> bool:
    """Whether a client consents themselves, and their answers are their own."""
    return has_reached(born_on, rules.own_age, on)


def may_still_read(born_on: date | None, rules: ConsentRules, given_on: date | None, on: date) -> bool:
    """Whether a guardian who may read a client's answers still may.

    What was given while they were younger ends on the day on which the client decides alone; from then on it takes
    somebody who gives it knowingly.
    """
    if born_on is None or not decides_alone(born_on, rules, on):
        return True
    return given_on is not None and decides_alone(born_on, rules, given_on)


def standing(born_on: date | None, given: Iterable[GivenConsent], rules: ConsentRules, on: date) -> Standing:
    """Return how consent stands on a date. A guardian counts once; what was given before the client came of age does
    not count after it.
    """
    if not decides_alone(born_on, rules, on):
        guardians = {one.account_id for one in given if one.given_as == GivenAs.GUARDIAN}
        return Standing(GivenAs.GUARDIAN, len(guardians), rules.needed)
    since = date.min
    if born_on is not None and is_of_age(born_on, rules, on):
        since = birthday_in(born_on, born_on.year + rules.majority_age)
    own = any(one.given_as == GivenAs.SELF and one.given_on >= since for one in given)
    return Standing(GivenAs.SELF, int(own), 1)
