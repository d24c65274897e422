"""What is the same for every application of this process is made once: compiled routes, statements and templates."""

from typing import Any, ClassVar

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

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


compiled: dict[tuple[Any, ...], Rule] = {}
compile_rule = Rule.compile


def compile_once(rule: Rule) -> None:
    """Compile ``rule``, or take what an equal rule of an earlier application became: its text alone decides it."""
    key = (rule.rule, rule.subdomain, rule.merge_slashes)
    if rule.defaults or rule.map is None or rule.map.host_matching:
        compile_rule(rule)
    elif key in compiled:
        known = compiled[key]
        rule._parts, rule._trace, rule._converters = known._parts, known._trace, known._converters
        rule.arguments.update(known._converters)
        rule._build = known._build.__func__.__get__(rule, None)
        rule._build_unknown = known._build_unknown.__func__.__get__(rule, None)
    else:
        compile_rule(rule)
        compiled[key] = rule


Rule.compile = compile_once  # type: ignore[method-assign]


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
