"""Statements that are asked so often that SQLAlchemy's part of the work would cost more than the answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Select

Turn = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement in one dialect's words, and what turns our values into the driver's and back."""

    sql: str
    constants: Mapping[str, Any]
    order: tuple[str, ...] | None
    writers: Mapping[str, Turn]
    readers: tuple[Turn, ...]

    def values(self, parameters: Mapping[str, Any]) -> Any:
        named = dict(self.constants)
        for name, value in parameters.items():
            write = self.writers[name]
            named[name] = write(value) if write else value
        return named if self.order is None else tuple(named[name] for name in self.order)

    def row(self, values: Sequence[Any]) -> Sequence[Any]:
        return [read(value) if read else value for read, value in zip(self.readers, values, strict=True)]


class HotStatement:
    """One SELECT that is compiled once for each dialect and then handed to the driver as text."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self.statement = statement
        self._known: dict[str, _Prepared] = {}

    def first(self, engine: Engine, **parameters: Any) -> Sequence[Any] | None:
        """Return the first row, or None where there is none: see ``rows``."""
        return next(iter(self.rows(engine, **parameters)), None)

    def first_in(self, connection: Connection, **parameters: Any) -> Sequence[Any] | None:
        """Return the first row as the connection's transaction sees it, or None. Raises what SQLAlchemy raises."""
        return next(iter(self.rows_in(connection, **parameters)), None)

    def rows(self, engine: Engine, **parameters: Any) -> Sequence[Sequence[Any]]:
        """Return the rows, over a connection of its own and without a transaction.

        When the driver complains, it is asked again in the ordinary way, which knows what a broken connection is.
        Raises what SQLAlchemy raises.
        """
        try:
            return self._past_sqlalchemy(engine, parameters)
        except engine.dialect.loaded_dbapi.Error:
            with engine.connect() as connection:
                return connection.execute(self.statement, parameters).all()

    def rows_in(self, connection: Connection, **parameters: Any) -> Sequence[Sequence[Any]]:
        """Return the rows as the connection's transaction sees them. Raises what SQLAlchemy raises."""
        prepared = self._prepared(connection.dialect)
        found = connection.exec_driver_sql(prepared.sql, prepared.values(parameters)).all()
        return [prepared.row(each) for each in found]

    def _past_sqlalchemy(self, engine: Engine, parameters: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        prepared = self._prepared(engine.dialect)
        lent = engine.raw_connection()
        try:
            cursor, values = lent.cursor(), prepared.values(parameters)
            for told in engine.dispatch.before_cursor_execute:  # whoever counts statements counts this one too
                told(None, cursor, prepared.sql, values, None, False)
            cursor.execute(prepared.sql, values)
            found = cursor.fetchall()
            cursor.close()
        except engine.dialect.loaded_dbapi.Error:
            lent.invalidate()
            raise
        finally:
            lent.close()
        return [prepared.row(each) for each in found]

    def _prepared(self, dialect: Dialect) -> _Prepared:
        found = self._known.get(dialect.name)
        if found is None:
            found = self._known[dialect.name] = _prepare(self.statement, dialect)
        return found


def _prepare(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _Prepared:
    compiled = statement.compile(dialect=dialect)
    order = compiled.positiontup if compiled.positional else None
    kinds = {name: bind.type.dialect_impl(dialect) for name, bind in compiled.binds.items()}
    columns = [column.type.dialect_impl(dialect) for column in statement.selected_columns]
    return _Prepared(
        sql=str(compiled),
        constants=dict(compiled.params),
        order=tuple(order) if order else None,
        writers={name: kind.bind_processor(dialect) for name, kind in kinds.items()},
        readers=tuple(column.result_processor(dialect, None) for column in columns),
    )
