"""Choices in a list of the desk's forms."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A choice in a list."""

    value: str
    label: str
    is_chosen: bool
