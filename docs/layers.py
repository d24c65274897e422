"""Draws the layer diagram of architecture.md from the imports that are really there."""

import re
import sys
from pathlib import Path

import grimp

HERE = Path(__file__).parent
PAGE = HERE / "architecture.md"
ROWS = (
    ("factory",),
    ("web", "cli"),
    ("services",),
    ("queries",),
    ("models",),
    ("db", "adapters"),
    ("domain", "settings"),
    ("clock",),
)
BEGIN, END = "<!-- layers: drawn by `make docs` -->", "<!-- end of layers -->"


def edges() -> list[tuple[str, str]]:
    """Return which part imports which, each pair once, upper parts first."""
    order = [part for row in ROWS for part in row]
    graph = grimp.build_graph("practice", cache_dir=None)
    found = set()
    for module in graph.modules:
        for target in graph.find_modules_directly_imported_by(module):
            pair = tuple(name.split(".")[1] if "." in name else "" for name in (module, target))
            if pair[0] != pair[1] and set(pair) <= set(order):
                found.add(pair)
    return sorted(found, key=lambda pair: (order.index(pair[0]), order.index(pair[1])))


def reaches(start: str, goal: str, pairs: list[tuple[str, str]]) -> bool:
    """Whether imports lead from ``start`` to ``goal``."""
    return any(lower == goal or reaches(lower, goal, pairs) for upper, lower in pairs if upper == start)


def drawn(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the arrows that tell something new: not those that a longer way stands for."""
    return [
        (upper, lower)
        for upper, lower in pairs
        if not any(reaches(middle, lower, pairs) for start, middle in pairs if start == upper and middle != lower)
    ]


def diagram() -> str:
    """Return the diagram as a Mermaid block."""
    arrows = [f"  {upper} --> {lower}" for upper, lower in drawn(edges())]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```"])


def redrawn(page: str) -> str:
    """Return the page with the diagram between its two marks."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if not pattern.search(page):
        sys.exit(f"{PAGE.name} has no place for the diagram")
    return pattern.sub(lambda _: f"{BEGIN}\n{diagram()}\n{END}", page)


if __name__ == "__main__":
    PAGE.write_text(redrawn(PAGE.read_text()))
