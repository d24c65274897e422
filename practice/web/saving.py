"""What every form that changes something does: act in one transaction, say so and lead on, or show what is wrong."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from practice.db import in_unit_of_work
from practice.domain.errors import ValidationFailed
from practice.web.forms.base import BaseForm


def save(
    form: BaseForm,
    act: Callable[[Session], Any],
    *,
    page: Callable[[], str],
    said: str,
    to: str | Callable[[Any], str],
) -> ResponseReturnValue:
    """Run ``act`` where ``form`` is valid, say ``said`` and lead to ``to``; otherwise show ``page`` with a 422.

    ``act`` is the work of one transaction, fit to run again; ``to`` may be a function of what it returned.
    """
    if form.validate():
        try:
            made = in_unit_of_work(act)
        except ValidationFailed as error:
            form.refuse(error)
        else:
            flash(said)
            return redirect(to if isinstance(to, str) else to(made), 303)
    return page(), ValidationFailed.status
