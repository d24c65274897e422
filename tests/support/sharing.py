"""What is the same for every application of this process is made once: compiled routes, statements and templates."""

from collections.abc import Callable
from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
STATEMENTS = 5000


class Templates(BytecodeCache):
    """Templates as they were compiled for the first test of this process: every test has an application of its own."""

    known: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Hand over what is known; Jinja compares it with the template's source."""
        if bucket.key in self.known:
            bucket.bytecode_from_string(self.known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.known[bucket.key] = bucket.bytecode_to_string()


builders: dict[tuple[Any, ...], Builder] = {}
compile_builder = Rule._compile_builder


def builder(rule: Rule, append_unknown: bool = True) -> Builder:
    """Return what builds the addresses of ``rule``: werkzeug writes and compiles a function that its text decides."""
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if rule.defaults:
        return compile_builder(rule, append_unknown)
    if key not in builders:
        builders[key] = compile_builder(rule, append_unknown)
    return builders[key]


Rule._compile_builder = builder  # type: ignore[method-assign]


class Statements:
    """What SQLAlchemy knows of each kind of database, and its compiled statements, as one long-lived server would."""

    known: ClassVar[dict[tuple[str, int], tuple[Dialect, LRUCache[Any, Any]]]] = {}

    @classmethod
    def lend(cls, engines: list[Engine]) -> None:
        """Let new engines use what the engines of an earlier application left."""
        for place, engine in enumerate(engines):
            if (engine.dialect.name, place) in cls.known:
                engine.dialect, engine._compiled_cache = cls.known[engine.dialect.name, place]

    @classmethod
    def keep(cls, engines: list[Engine]) -> None:
        """Keep what engines that have been connected know."""
        for place, engine in enumerate(engines):
            if engine.dialect.server_version_info:
                cls.known.setdefault((engine.dialect.name, place), (engine.dialect, LRUCache(STATEMENTS)))
