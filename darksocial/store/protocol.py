"""What every store offers: one protocol, three implementations, one suite of tests.

Results are Arrow tables. What engines decode differently is made equal here: a DateTime arrives
as whole seconds since 1970 (UTC), an unknown text as the empty string, a boolean as 0 or 1.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol

import pyarrow as pa


class Session(Protocol):
    """One conversation with an engine, for one thread; its temporary tables end with it.

    Where a statement is refused, the session goes on, with or without its temporary tables.
    """

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        """Return the rows of a SELECT."""

    def execute(self, sql: str, /, **params: Any) -> None:
        """Run one statement that returns no rows."""

    def insert(self, table: str, rows: pa.Table) -> None:
        """Append rows, by column names; missing columns take their defaults."""

    def close(self) -> None:
        """End the session; a second call does nothing."""

    def __enter__(self) -> Session: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Store(Protocol):
    """A database that holds hits and visits.

    `local` says that the tables live in this process's own engine, where an
    INSERT … SELECT can fill them without a row leaving it.
    """

    url: str
    local: bool

    def session(self) -> Session:
        """Open a session; sessions may be used in parallel."""

    def close(self) -> None:
        """Let go of the engine."""


class Closing(AbstractContextManager["Any"]):
    """`with` support for everything that has `close`."""

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        raise NotImplementedError
