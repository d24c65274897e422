"""Progress bars for commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click


@contextmanager
def bar(label: str, steps: int) -> Iterator[Callable[[int], Any]]:
    """Show how far something is; yields a function that counts steps."""
    with click.progressbar(length=max(steps, 1), label=f"{label:<20}", show_pos=True) as shown:
        yield shown.update
        if steps == 0:
            shown.update(1)
