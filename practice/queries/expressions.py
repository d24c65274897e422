"""SQL that the two databases spell differently: minutes of instants, rows as JSON, and membership in a list of ids."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType


class minute_down(FunctionElement[int]):  # noqa: N801 - reads as the SQL function that it is
    """The epoch minute that an instant lies in."""

    type = BigInteger()
    inherit_cache = True


class minute_up(FunctionElement[int]):  # noqa: N801
    """The first epoch minute that is not before an instant."""

    type = BigInteger()
    inherit_cache = True


class json_row(FunctionElement[str]):  # noqa: N801
    """The columns as one JSON array, in text."""

    type = Text()
    inherit_cache = True


class is_among(FunctionElement[Any]):  # noqa: N801
    """Whether a column is one of the ids in a text made by ``id_list``: one parameter, however many ids."""

    type = NullType()  # a Boolean would be written "... = 1" on SQLite, which no index serves
    inherit_cache = True


class words(FunctionElement[str]):  # noqa: N801
    """The columns as one text, with a space between each two."""

    type = Text()
    inherit_cache = True


class all_words(FunctionElement[str]):  # noqa: N801
    """The aggregate of ``words`` of many rows, in any order."""

    type = Text()
    inherit_cache = True


def id_list(ids: Iterable[int]) -> str:
    """Return ids as the text that ``is_among`` takes."""
    return f"[{','.join(map(str, ids))}]"


@compiles(minute_down, "sqlite")
def _minute_down_sqlite(element: minute_down, compiler: SQLCompiler, **options: Any) -> str:
    return f"(CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER) / 60)"


@compiles(minute_down, "postgresql")
def _minute_down_postgresql(element: minute_down, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **options)}) / 60) AS bigint)"


@compiles(minute_up, "sqlite")
def _minute_up_sqlite(element: minute_up, compiler: SQLCompiler, **options: Any) -> str:
    inner = compiler.process(element.clauses, **options)  # SQLite counts in milliseconds
    return f"(CAST(strftime('%s', {inner}, '+59.999 seconds') AS INTEGER) / 60)"


@compiles(minute_up, "postgresql")
def _minute_up_postgresql(element: minute_up, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(ceil(extract(epoch FROM {compiler.process(element.clauses, **options)}) / 60) AS bigint)"


@compiles(json_row, "sqlite")
def _json_row_sqlite(element: json_row, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


@compiles(json_row, "postgresql")
def _json_row_postgresql(element: json_row, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(json_build_array({compiler.process(element.clauses, **options)}) AS text)"


@compiles(is_among, "sqlite")
def _is_among_sqlite(element: is_among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = _each(element, compiler, **options)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are compiled SQL


@compiles(is_among, "postgresql")
def _is_among_postgresql(element: is_among, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = _each(element, compiler, **options)
    return f"{column} = ANY (CAST(translate({ids}, '[]', '{{}}') AS bigint[]))"


@compiles(words)
def _words(element: words, compiler: SQLCompiler, **options: Any) -> str:
    return " || ' ' || ".join(f"CAST({each} AS TEXT)" for each in _each(element, compiler, **options))


@compiles(all_words, "sqlite")
def _all_words_sqlite(element: all_words, compiler: SQLCompiler, **options: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **options)}, ' ')"


@compiles(all_words, "postgresql")
def _all_words_postgresql(element: all_words, compiler: SQLCompiler, **options: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **options)}, ' ')"


def _each(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]
