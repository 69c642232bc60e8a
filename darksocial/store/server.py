"""A ClickHouse server, over its native protocol."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa
from clickhouse_driver import Client
from clickhouse_driver import errors as driver

from darksocial.errors import SettingError, StoreError, StoreUnavailable
from darksocial.settings import DATABASE
from darksocial.store.protocol import Closing
from darksocial.store.sql import Name, render

# The driver logs a traceback for each refused connection; the error below says it in a sentence.
logging.getLogger("clickhouse_driver").addHandler(logging.NullHandler())
logging.getLogger("clickhouse_driver").propagate = False

_TYPES = {
    "String": pa.string(),
    "UInt8": pa.uint8(),
    "UInt16": pa.uint16(),
    "UInt32": pa.uint32(),
    "UInt64": pa.uint64(),
    "Int8": pa.int8(),
    "Int16": pa.int16(),
    "Int32": pa.int32(),
    "Int64": pa.int64(),
    "Float32": pa.float32(),
    "Float64": pa.float64(),
    "Date": pa.date32(),
    "Nothing": pa.null(),
}


def arrow_type(name: str) -> pa.DataType:
    """Return the Arrow type of a ClickHouse type; a DateTime becomes seconds since 1970."""
    for wrapper in ("Nullable", "LowCardinality"):
        if name.startswith(f"{wrapper}("):
            return arrow_type(name[len(wrapper) + 1 : -1])
    if name.startswith("Array("):
        return pa.list_(arrow_type(name[6:-1]))
    if name.startswith("DateTime"):
        return pa.uint32()
    if name.startswith(("FixedString", "Enum")):
        return pa.string()
    try:
        return _TYPES[name]
    except KeyError:
        raise StoreError(f"A column of type {name} cannot be read: cast it in the query.") from None


class ServerSession(Closing):
    """One connection to the server."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self._client = Client(**arguments)
        self._types: dict[str, dict[str, str]] = {}

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        text = render(sql, params)
        with _errors(text):
            columns, header = self._client.execute(text, columnar=True, with_column_types=True)
        columns = columns or [[] for _ in header]
        arrays = [_array(column, kind) for column, (_, kind) in zip(columns, header, strict=True)]
        return pa.table(arrays, names=[name for name, _ in header])

    def execute(self, sql: str, /, **params: Any) -> None:
        text = render(sql, params)
        with _errors(text):
            self._client.execute(text)

    def insert(self, table: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        types = self._column_types(table)
        columns = [_values(rows[name], types[name]) for name in rows.column_names]
        sql = f"INSERT INTO {table} ({', '.join(rows.column_names)}) VALUES"
        with _errors(sql):
            self._client.execute(sql, columns, columnar=True)

    def close(self) -> None:
        self._client.disconnect()

    def _column_types(self, table: str) -> dict[str, str]:
        if table not in self._types:
            rows = self.query("DESCRIBE TABLE %(table)s", table=Name(table))
            pairs = zip(rows["name"].to_pylist(), rows["type"].to_pylist(), strict=True)
            self._types[table] = dict(pairs)
        return self._types[table]


class ServerStore(Closing):
    """A database on a ClickHouse server; each session is a connection of its own."""

    local = False

    def __init__(self, url: str) -> None:
        self.url = url
        self._arguments = _arguments(url)
        database = Name(self._arguments["database"])
        with ServerSession({**self._arguments, "database": "default"}) as session:
            found = session.query(
                "SELECT count() AS n FROM system.databases WHERE name = %(name)s",
                name=str(database),
            )
            if not found["n"][0].as_py():
                session.execute("CREATE DATABASE IF NOT EXISTS %(name)s", name=database)

    def session(self) -> ServerSession:
        return ServerSession(self._arguments)

    def close(self) -> None:
        """Nothing is held: each session has its connection."""


def _arguments(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = parse_qs(parts.query)
    if options:
        raise SettingError(
            f"The store address has the option {sorted(options)[0]!r}, which this version does "
            "not know: leave it out."
        )
    try:
        host, port = parts.hostname, parts.port or 9000
    except ValueError as error:
        raise SettingError(f"The store address has no usable port: {error}.") from None
    if not host:
        raise SettingError("The store address needs a host: clickhouse://user:pw@host:port/db.")
    return {
        "host": host,
        "port": port,
        "user": unquote(parts.username or "default"),
        "password": unquote(parts.password or ""),
        "database": parts.path.strip("/") or DATABASE,
        "connect_timeout": 5,
        # Texts that are no valid UTF-8 were cleaned on their way in; this is for foreign tables.
        "settings": {"strings_as_bytes": False},
    }


def _array(values: Sequence[Any], kind: str) -> pa.Array:
    if kind.startswith("DateTime"):
        values = [None if value is None else int(value.timestamp()) for value in values]
    return pa.array(values, arrow_type(kind))


def _values(column: pa.ChunkedArray, kind: str) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if kind.startswith("DateTime"):
        return [_datetime(value) for value in values]
    return values


def _datetime(value: int | datetime) -> int | datetime:
    return value if isinstance(value, datetime) else int(value)


@contextmanager
def _errors(sql: str) -> Iterator[None]:
    try:
        yield
    except (driver.NetworkError, driver.SocketTimeoutError, EOFError, ConnectionError) as error:
        raise StoreUnavailable(
            f"The ClickHouse server does not answer ({error}): "
            "start it, or check the store address."
        ) from error
    except driver.Error as error:
        reason = str(error).partition("Stack trace:")[0].strip()
        raise StoreError(f"The ClickHouse server refused a statement: {reason}", sql) from error
