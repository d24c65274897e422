"""Who may call a view: ``@requires`` marks it, and refuses before anything is loaded."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g

from practice.domain.errors import NotFound, ScopeMissing, SignInNeeded
from practice.domain.permissions import Permission

P = ParamSpec("P")
R = TypeVar("R")


def requires(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only identities with ``permission`` reach the view.

    Raises SignInNeeded when nobody is signed in; NotFound when a person lacks the right (as if nothing were there);
    ScopeMissing when a program's token lacks the scope.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not g.identity.can(permission):
                if not g.identity.is_signed_in:
                    raise SignInNeeded
                raise ScopeMissing if g.identity.kind == "token" else NotFound
            return view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
