"""Draws the states of appointments and of places in architecture.md from the table that the services go by."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from practice.domain.lifecycle import APPOINTMENT, ATTENDANCE, Actor, Step

PAGE = Path(__file__).parent / "architecture.md"
BEGIN, END = "<!-- lifecycle: drawn by `make docs` -->", "<!-- end of lifecycle -->"


def diagrams() -> str:
    """Return both diagrams as Mermaid blocks, with a sentence before each."""
    return "\n\n".join(
        [f"An appointment:\n\n{diagram(APPOINTMENT)}", f"One client's place in it:\n\n{diagram(ATTENDANCE)}"]
    )


def diagram(steps: Iterable[Step]) -> str:
    """Return a diagram: an arrow for each pair of states, with the steps that lead there, whose they are and when."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        arrows.setdefault((step.before, step.after), []).append(words(step))
    ends = {pair: " --> ".join(state or "[*]" for state in pair) for pair in arrows}
    lines = [f"  {ends[pair]}: {'<br>'.join(said)}" for pair, said in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def words(step: Step) -> str:
    """Return "accept (desk, therapist) until its time is up"."""
    who = "anybody" if step.who == frozenset(Actor) else ", ".join(actor for actor in Actor if actor in step.who)
    return f"{step.name} ({who}) {step.when}"


def redrawn(page: str) -> str:
    """Return the page with the diagrams between its two marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(page):
        sys.exit(f"{PAGE.name} has no place for the states")
    return pattern.sub(lambda _: f"{BEGIN}\n{diagrams()}\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text()))
