"""Pages' parts that are drawn once, for as long as nothing that they show changed.

What is drawn stands on a moment (revisions of rules, therapists and rooms) and on the time of day; both are asked for
or known without reading a single session.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from flask import current_app, g
from markupsafe import Markup
from sqlalchemy import Engine

from practice.db import db
from practice.queries.busy import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What was drawn, as it looks from ``since`` until ``until``, unless ``moment`` passes.

    ``shown`` are the public ids of the sessions in it, ``content`` a digest of what it tells of them.
    """

    html: Markup
    content: bytes
    shown: tuple[str, ...]
    moment: Moment
    since: datetime
    until: datetime

    def stands(self, moment: Moment, now: datetime) -> bool:
        """Whether it still looks like that."""
        return self.moment == moment and self.since <= now < self.until

    @property
    def seen(self) -> str:
        """Return what this sign-in has seen once it has got this."""
        key = str(current_app.secret_key).encode()[:64]
        return blake2b(g.identity.session_id.encode() + self.content, digest_size=9, key=key).hexdigest()


Asked = TypeVar("Asked", bound=Hashable)
Drawn = TypeVar("Drawn", bound=Drawing)


class Drawings(Generic[Asked, Drawn]):
    """The drawings that a process keeps of each database: ``most`` of them, those that were made last."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: WeakKeyDictionary[Engine, OrderedDict[Asked, Drawn]] = WeakKeyDictionary()
        self._lock = Lock()

    def get(self, asked: Asked, moment: Moment, now: datetime, draw: Callable[[], Drawn]) -> Drawn:
        """Return the one that was drawn last, or what ``draw`` draws."""
        with self._lock:
            kept = self._kept.setdefault(db.engines[None], OrderedDict())
            found = kept.get(asked)
        if found is None or not found.stands(moment, now):
            found = draw()
            with self._lock:
                kept[asked] = found
                kept.move_to_end(asked)
                while len(kept) > self.most:
                    kept.popitem(last=False)
        return found
