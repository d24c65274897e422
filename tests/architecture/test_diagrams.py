"""What `make docs` draws is what is there."""

import pytest

from docs import layers, lifecycle


@pytest.mark.parametrize("drawing", [layers, lifecycle], ids=["layers", "lifecycle"])
def test_the_diagrams_are_those_of_today(drawing) -> None:
    page = drawing.PAGE.read_text()
    assert drawing.redrawn(page) == page, "the diagrams are stale: run `make docs`"
