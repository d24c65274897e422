"""What every test stands on; the fixtures live in tests/support, a module for each matter."""

from typing import IO

import pytest
from hypothesis import is_hypothesis_test

from tests.support import network, run_folder

pytest_plugins = [
    "tests.support.absent",
    "tests.support.scale",
    "tests.support.databases",
    "tests.support.apps",
    "tests.support.cast",
    "tests.support.furnished",
    "tests.support.demo",
    "tests.support.pages",
]

ALIVE = pytest.StashKey[IO[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Open the run's shared folder in the process that leads, and keep all of them on this machine."""
    if not hasattr(config, "workerinput"):
        config.stash[ALIVE] = run_folder.create()
    network.block()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run's server and remove its folder, once no worker is left."""
    if ALIVE in config.stash:
        run_folder.end(config.stash[ALIVE])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the folder that they live in, and give Chromium to one worker only."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
        if "concurrency" in item.path.parts:
            item.add_marker(pytest.mark.concurrency)
        if "concurrency" in item.path.parts or is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.long)
