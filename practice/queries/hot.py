"""Statements that are asked so often that SQLAlchemy's part of the work would cost more than the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Engine, Select


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement in one dialect's words, and what turns the driver's values into ours."""

    sql: str
    constants: Mapping[str, Any]
    order: tuple[str, ...] | None
    readers: tuple[Any, ...]

    def values(self, parameters: Mapping[str, Any]) -> Any:
        named = {**self.constants, **parameters}
        return named if self.order is None else tuple(named[name] for name in self.order)


class HotStatement:
    """One SELECT that needs no transaction, compiled once a dialect and put to the driver itself.

    Parameters are sent as they are. When the driver complains, the statement is asked again in the ordinary way, which
    knows what a broken connection is and raises the ordinary errors.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._prepared: dict[str, _Prepared] = {}

    def first(self, engine: Engine, **parameters: Any) -> Sequence[Any] | None:
        """Return the first row, or None where there is none. Raises what SQLAlchemy raises."""
        try:
            return self._quickly(engine, parameters)
        except engine.dialect.loaded_dbapi.Error:
            with engine.connect() as connection:
                return connection.execute(self.statement, parameters).first()

    def _quickly(self, engine: Engine, parameters: Mapping[str, Any]) -> Sequence[Any] | None:
        prepared = self._prepared.get(engine.dialect.name) or self._prepare(engine.dialect)
        lent = engine.raw_connection()
        try:
            cursor, values = lent.cursor(), prepared.values(parameters)
            for told in engine.dispatch.before_cursor_execute:  # whoever counts statements counts this one too
                told(None, cursor, prepared.sql, values, None, False)
            cursor.execute(prepared.sql, values)
            row = cursor.fetchone()
            cursor.close()
        except engine.dialect.loaded_dbapi.Error:
            lent.invalidate()
            raise
        finally:
            lent.close()
        if row is None:
            return None
        return [read(value) if read else value for read, value in zip(prepared.readers, row, strict=True)]

    def _prepare(self, dialect: Dialect) -> _Prepared:
        compiled = self.statement.compile(dialect=dialect)
        order = compiled.positiontup if compiled.positional else None
        types = (column.type.dialect_impl(dialect) for column in self.statement.selected_columns)
        readers = tuple(each.result_processor(dialect, None) for each in types)
        made = _Prepared(str(compiled), dict(compiled.params), tuple(order) if order else None, readers)
        self._prepared[dialect.name] = made
        return made
