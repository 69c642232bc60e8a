"""Statements by name, and the one encoder that puts values into them.

A statement is a file under `sql/`; `%(name)s` in it is replaced by a ClickHouse literal.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from functools import cache
from importlib.resources import files
from typing import Any

from darksocial.errors import StoreError

_PARAMETER = re.compile(r"%\((\w+)\)s")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "'": "\\'", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
)


class Name(str):
    """A table or column name: rendered bare, and refused where it is anything else."""

    __slots__ = ()

    def __new__(cls, text: str) -> Name:
        if not _NAME.fullmatch(text):
            raise StoreError(f"{text!r} is no name for a table or column.")
        return super().__new__(cls, text)


class Sql(str):
    """A part of a statement that was made from data of this package: rendered as it is."""

    __slots__ = ()


@cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`."""
    return (files("darksocial.store") / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def render(sql: str, params: Mapping[str, Any]) -> str:
    """Return the statement with its values; a missing one is an error.

    Without any parameters the text is taken as it is, so rendering twice changes nothing.
    """
    if not params:
        return sql

    def value(match: re.Match[str]) -> str:
        try:
            return literal(params[match[1]])
        except KeyError:
            raise StoreError(f"The statement needs a value for {match[1]!r}.", sql) from None

    return _PARAMETER.sub(value, sql)


def literal(value: Any) -> str:
    """Return a ClickHouse literal; lists become arrays, tuples the right side of IN."""
    if value is None:
        return "NULL"
    if isinstance(value, Name | Sql):
        return str(value)
    if isinstance(value, str):
        return f"'{_valid(value).translate(_ESCAPES)}'"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise StoreError(f"{value} is no number that a statement can hold.")
        return repr(value)
    return _compound(value)


def _valid(text: str) -> str:
    """Return a text that UTF-8 can hold: a lone surrogate, as of an odd argument, becomes `?`."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _compound(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise StoreError(f"The time {value} has no time zone.")
        return f"toDateTime('{value.astimezone(timezone.utc):%Y-%m-%d %H:%M:%S}', 'UTC')"
    if isinstance(value, date):
        return f"toDate('{value.isoformat()}')"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, tuple) and value:
        return f"({', '.join(map(literal, value))})"
    raise StoreError(f"A statement cannot hold a value of type {type(value).__name__}.")


def split(script: str) -> Iterator[str]:
    """Yield the statements of a script: each ends with a semicolon at the end of a line."""
    for part in re.split(r";[ \t]*(?:\n|$)", script):
        text = "\n".join(line for line in part.splitlines() if not line.startswith("--"))
        if text.strip():
            yield text.strip()
