"""Series again, in whatever order, with little else beside them: what the machine of everything reaches seldom."""

import pytest
from flask import Flask
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.services.any_order.changing import GivingUp
from tests.integration.services.any_order.going_by_itself import ByItself
from tests.integration.services.any_order.repeating import Repeating
from tests.integration.services.test_anything_in_any_order import ANY_ORDER
from tests.support.cast import Cast
from tests.support.scale import TIMES


class OnlySeries(Repeating, GivingUp, ByItself):
    """Series, single cancellations, and what happens by itself."""


@pytest.mark.lengthy
def test_series_in_any_order(app: Flask, cast: Cast) -> None:
    practice = type("Practice", (OnlySeries,), {"app": app, "cast": cast})
    run_state_machine_as_test(practice, settings=settings(ANY_ORDER, max_examples=8 * TIMES, stateful_step_count=30))
