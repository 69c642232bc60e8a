"""chDB: ClickHouse in this process.

One process can open one chDB path, `:memory:` included, so one object owns the engine here;
scratch work shares whatever engine is open, in temporary tables of its own session.
"""

from __future__ import annotations

import fcntl
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from darksocial.errors import StoreError, StoreOwned, StoreUnavailable
from darksocial.store.lock import Lock
from darksocial.store.protocol import Closing
from darksocial.store.sql import render

MEMORY = ":memory:"
MOST_SAID = 200  # characters of the engine's own words


class _Engine:
    """The process's chDB engine: open while anything uses it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._anchor: Any = None
        self._users = 0
        self.path = ""
        self.memory_gb = 3

    def acquire(self, path: str | None) -> Any:
        """Return a new chDB session on `path`, or on whatever is open where `path` is None."""
        make = _session_maker()
        with self._lock:
            wanted = path or self.path or MEMORY
            if self._anchor is not None and wanted != self.path:
                raise StoreUnavailable(
                    f"This process already works with the embedded store {self.path}, and one "
                    f"process can open only one: close that before you open {wanted}."
                )
            try:
                if self._anchor is None:
                    self._anchor = make(wanted)
                    self.path = wanted
                session = make(wanted)
            except RuntimeError as error:
                self._let_go_if_unused()
                raise _opening_error(wanted, error) from error
            self._users += 1
            return session

    def release(self, session: Any) -> None:
        with self._lock:
            session.close()
            self._users -= 1
            self._let_go_if_unused()

    def _let_go_if_unused(self) -> None:
        if self._users == 0 and self._anchor is not None:
            self._anchor.close()
            self._anchor, self.path = None, ""


_engine = _Engine()


def _session_maker() -> Callable[[str], Any]:
    """Load the engine, which starts where it is loaded and reads what configuration lies there."""
    try:
        from chdb.session import Session
    except RuntimeError as error:
        raise StoreUnavailable(
            f"The embedded engine does not start in {Path.cwd()} ({error}): where that directory "
            "holds a ClickHouse config.xml, run this in another."
        ) from error
    make: Callable[[str], Any] = Session  # the package has no types
    return make


def limit_memory(gigabytes: int) -> None:
    """Set what one query of this process's engine may use, in the sessions opened from now on."""
    _engine.memory_gb = gigabytes


def _opening_error(path: str, error: RuntimeError) -> StoreUnavailable:
    if path != MEMORY and _held_elsewhere(Path(path)):
        return StoreOwned(
            f"The embedded store {path} belongs to another process: stop that process, or let "
            "this one work through a running `darksocial serve`."
        )
    said = " ".join(str(error).split())[:MOST_SAID]
    return StoreUnavailable(
        f"The embedded store {path} cannot be opened ({said}): see that it is a directory which "
        "this user may read and write."
    )


def _held_elsewhere(directory: Path) -> bool:
    """Return whether an engine holds its lock in the directory; it says nothing of it itself."""
    try:
        with (directory / "status").open("rb") as status:
            fcntl.flock(status, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


class EmbeddedSession(Closing):
    """A session on the process's engine; `path` None means scratch work."""

    def __init__(self, path: str | None = None, database: str = "") -> None:
        self._session = _engine.acquire(path)
        try:
            self.execute(f"SET max_memory_usage = {_engine.memory_gb * 1_000_000_000}")
            # Readers take one of repeated rows anyway; looking for them here costs five times
            # as much as the insert itself.
            self.execute("SET optimize_on_insert = 0")
            # Few statements come often enough, with the same values, to be worth compiling.
            self.execute("SET compile_expressions = 0, compile_aggregate_expressions = 0")
            if database:
                self.execute(f"USE {database}")
        except BaseException:
            self.close()
            raise

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        # chDB's own "ArrowTable" imports pandas, which costs each command a fifth of a second.
        text = render(sql, params)
        answer = self._run(text, "Arrow").bytes()
        if not answer:
            raise StoreError("This statement returns no rows: execute it instead.", text)
        with pa.ipc.open_file(pa.BufferReader(answer)) as reader:
            return reader.read_all()

    def execute(self, sql: str, /, **params: Any) -> None:
        self._run(render(sql, params), "Null")

    def insert(self, table: str, rows: pa.Table) -> None:
        buffer = io.BytesIO()
        with pa.ipc.new_stream(buffer, rows.schema) as writer:
            writer.write_table(rows)
        columns = ", ".join(rows.column_names)
        sql = f"INSERT INTO {table} ({columns})"
        try:
            with self._session.send_insert(sql, "ArrowStream") as inserter:
                inserter.append(buffer.getvalue())
                inserter.finish()
        except RuntimeError as error:
            raise StoreError(f"The embedded store refused rows: {error}", sql) from error

    def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            _engine.release(session)

    def _run(self, sql: str, format_: str) -> Any:
        if self._session is None:
            raise StoreError("This session is closed.")
        try:
            return self._session.query(sql, format_)
        except RuntimeError as error:
            raise StoreError(f"The embedded store refused a statement: {error}", sql) from error


class EmbeddedStore(Closing):
    """The store in a directory, owned by this process while it is open."""

    local = True

    def __init__(self, directory: Path, url: str, lock: Lock | None = None) -> None:
        self.url = url
        self.lock = lock
        self.home = directory.parent
        self._path = str(directory)
        directory.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._anchor: EmbeddedSession | None = EmbeddedSession(self._path)
        self._anchor.execute("CREATE DATABASE IF NOT EXISTS darksocial")

    def session(self) -> EmbeddedSession:
        return EmbeddedSession(self._path, "darksocial")

    def close(self) -> None:
        anchor, self._anchor = self._anchor, None
        if anchor is not None:
            anchor.close()
        if self.lock is not None:
            self.lock.release()
