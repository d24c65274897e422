"""How much the tests do: the same every time, and more of it for `make test-long`."""

import os

import pytest
from hypothesis import HealthCheck, settings

IS_LONG = os.environ.get("PRACTICE_TEST_SCALE") == "long"
# By how much more a property test that says how many examples it needs tries in the long run.
TIMES = 8 if IS_LONG else 1

# The clock of a busy machine decides nothing: no deadline, no complaint about slow generation.
settings.register_profile(
    "ci", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", settings.get_profile("ci"), max_examples=2000)
settings.register_profile("explore", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("long" if IS_LONG else "ci"))


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often a race is run."""
    return 20 if IS_LONG else 3


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the lengthy tests for the long run."""
    left = [] if IS_LONG else [item for item in items if item.get_closest_marker("lengthy")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker("lengthy")]
