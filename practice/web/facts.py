"""Rows of a list of facts, as the component shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of a list of facts."""

    label: str
    value: str
    change_href: str = ""
