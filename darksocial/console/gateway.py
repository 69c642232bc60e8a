"""The store for other processes of the same user: what `store.remote` talks to.

Only with the secret of the lock file, which web pages cannot read.
"""

from __future__ import annotations

import io
import json
import secrets
import threading
import time
from dataclasses import dataclass, field

import pyarrow as pa
from flask import Blueprint, Response, abort, request

from darksocial.errors import StoreError, StoreUnavailable
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name

IDLE_SECONDS = 600.0
LEAST_IDLE_SECONDS = 5.0  # what a session may rest even where others wait for its place
MOST_SESSIONS = 64


@dataclass(slots=True)
class _Kept:
    session: Session
    used: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Sessions:
    """The sessions of other processes; idle ones end by themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def open(self) -> str:
        self._end_idle()
        if len(self._kept) >= MOST_SESSIONS:
            self._end_longest_idle()
        with self._lock:
            if len(self._kept) >= MOST_SESSIONS:
                raise StoreUnavailable("Too many sessions are open: close some, or try later.")
            name = secrets.token_hex(8)
            self._kept[name] = _Kept(self._store.session())
            return name

    def get(self, name: str) -> _Kept:
        with self._lock:
            kept = self._kept.get(name)
        if kept is None:
            raise StoreUnavailable("This session has ended: begin again.")
        kept.used = time.monotonic()
        return kept

    def end(self, name: str) -> None:
        with self._lock:
            kept = self._kept.pop(name, None)
        if kept:
            with kept.lock:
                kept.session.close()

    def end_all(self) -> None:
        for name in list(self._kept):
            self.end(name)

    def _end_idle(self) -> None:
        oldest = time.monotonic() - IDLE_SECONDS
        idle = [
            name
            for name, kept in list(self._kept.items())
            if kept.used < oldest and not kept.lock.locked()
        ]
        for name in idle:
            self.end(name)

    def _end_longest_idle(self) -> None:
        """Make room: a client that was killed never ends its sessions."""
        latest = time.monotonic() - LEAST_IDLE_SECONDS
        idle = [
            (kept.used, name)
            for name, kept in list(self._kept.items())
            if kept.used <= latest and not kept.lock.locked()
        ]
        if idle:
            self.end(min(idle)[1])


def blueprint(sessions: Sessions, secret: str) -> Blueprint:
    """Return the routes under `/store/sessions`."""
    routes = Blueprint("gateway", __name__, url_prefix="/store/sessions")

    @routes.before_request
    def authorise() -> None:
        given = request.headers.get("Authorization", "")
        if not secrets.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            abort(403)

    @routes.errorhandler(StoreError)
    def trouble(error: StoreError) -> Response:
        unavailable = isinstance(error, StoreUnavailable)
        body = json.dumps({"error": str(error), "unavailable": unavailable})
        return Response(body, 503 if unavailable else 400, mimetype="application/json")

    @routes.post("")
    def open_session() -> str:
        return sessions.open()

    @routes.post("/<name>/query")
    def query(name: str) -> Response:
        kept = sessions.get(name)
        with kept.lock:
            table = kept.session.query(request.get_data(as_text=True))
        buffer = io.BytesIO()
        with pa.ipc.new_stream(buffer, table.schema) as writer:
            writer.write_table(table)
        return Response(buffer.getvalue(), mimetype="application/vnd.apache.arrow.stream")

    @routes.post("/<name>/execute")
    def execute(name: str) -> str:
        kept = sessions.get(name)
        with kept.lock:
            kept.session.execute(request.get_data(as_text=True))
        return ""

    @routes.post("/<name>/insert")
    def insert(name: str) -> str:
        kept = sessions.get(name)
        try:
            with pa.ipc.open_stream(request.get_data()) as reader:
                rows = reader.read_all()
        except pa.ArrowInvalid as error:
            raise StoreError("These are no rows: send an Arrow stream.") from error
        with kept.lock:
            kept.session.insert(Name(request.args["table"]), rows)
        return ""

    @routes.delete("/<name>")
    def end(name: str) -> str:
        sessions.end(name)
        return ""

    return routes
