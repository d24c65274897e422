"""Whatever people do, in whatever order, the ledger and the appointments agree, and no feed goes stale.

A machine books, holds, asks, proves, moves, swaps, cancels, takes back, repeats, enrols, answers and marks at random,
as everybody there is, and lets time pass. After each step it asks what ``check`` asks, and more: numbers in calendars
only grow, a message tells of what happened, every hold ends. A refusal can be shown to a person and changes nothing.
The rules are in ``any_order``, a class for each feature.
"""

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.services.any_order.booking import Booking, Proving
from tests.integration.services.any_order.changing import GivingUp, OnTheDay, Rearranging
from tests.integration.services.any_order.fees import Fees
from tests.integration.services.any_order.going_by_itself import ByItself
from tests.integration.services.any_order.meeting import Meeting
from tests.integration.services.any_order.pairs import Pairs
from tests.integration.services.any_order.repeating import Repeating
from tests.support.cast import Cast
from tests.support.scale import TIMES

ANY_ORDER = settings(
    max_examples=10 * TIMES,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.generate],  # the steps of a failure are printed; making them fewer would take minutes
)


class Everything(Booking, Proving, Rearranging, GivingUp, OnTheDay, Fees, Repeating, Meeting, Pairs, ByItself):
    """All rules there are."""


@pytest.mark.long
def test_anything_in_any_order(app: Flask, cast: Cast) -> None:
    practice = type("Practice", (Everything,), {"app": app, "cast": cast})
    run_state_machine_as_test(practice, settings=ANY_ORDER)
