"""A store that another process owns, reached through its running console.

The same protocol over HTTP on loopback: a statement goes there, an Arrow stream comes back.
"""

from __future__ import annotations

import http.client
import io
import json
from typing import Any
from urllib.parse import quote, urlsplit

import pyarrow as pa

from darksocial.errors import StoreError, StoreUnavailable
from darksocial.store.lock import Owner
from darksocial.store.protocol import Closing
from darksocial.store.sql import render

PATH = "/store/sessions"
TIMEOUT_SECONDS = 3600


class RemoteSession(Closing):
    """A session that lives in the owner's process."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        parts = urlsplit(owner.address)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_SECONDS
        )
        self._path = PATH
        self._path = f"{PATH}/{self._ask('POST', '').decode()}"

    def query(self, sql: str, /, **params: Any) -> pa.Table:
        text = render(sql, params)
        with pa.ipc.open_stream(self._ask("POST", "/query", text.encode())) as reader:
            return reader.read_all()

    def execute(self, sql: str, /, **params: Any) -> None:
        self._ask("POST", "/execute", render(sql, params).encode())

    def insert(self, table: str, rows: pa.Table) -> None:
        buffer = io.BytesIO()
        with pa.ipc.new_stream(buffer, rows.schema) as writer:
            writer.write_table(rows)
        self._ask("POST", f"/insert?table={quote(table)}", buffer.getvalue())

    def close(self) -> None:
        path, self._path = self._path, PATH
        if path != PATH:
            try:
                self._connection.request("DELETE", path, headers=self._headers())
                self._connection.getresponse().read()
            except (OSError, http.client.HTTPException):
                pass  # the owner ends idle sessions by itself
        self._connection.close()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._owner.secret}"}

    def _ask(self, method: str, action: str, body: bytes = b"") -> bytes:
        if action and self._path == PATH:
            raise StoreError("This session is closed.")
        try:
            self._connection.request(method, self._path + action, body, self._headers())
            response = self._connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise StoreUnavailable(
                f"The running console at {self._owner.address} does not answer ({error}): "
                "see whether `darksocial serve` still runs, and try again."
            ) from error
        if response.status >= 400:
            raise _error(content, response.status)
        return content


class RemoteStore(Closing):
    """The embedded store of a running `darksocial serve`."""

    local = False

    def __init__(self, url: str, owner: Owner) -> None:
        self.url = url
        self._owner = owner

    def session(self) -> RemoteSession:
        return RemoteSession(self._owner)

    def close(self) -> None:
        """Nothing is held: each session has its connection."""


def _error(content: bytes, status: int) -> StoreError:
    try:
        body = json.loads(content)
        kind = StoreUnavailable if body["unavailable"] else StoreError
        return kind(body["error"])
    except (ValueError, KeyError, TypeError):
        return StoreError(f"The running console answered with status {status}.")
