"""`POST /c`: a batch of events from the snippet, sent as text/plain to spare a preflight."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from darksocial.errors import RecordError, SpoolError
from darksocial.model import Site
from tracker_server import events
from tracker_server.answers import (
    NO_STORE,
    REFUSED,
    TEXT,
    Body,
    Environ,
    Header,
    StartResponse,
    answer,
    not_allowed,
)
from tracker_server.client import refuses
from tracker_server.counters import DO_NOT_TRACK
from tracker_server.recorder import Recorder

_ALLOWED = "POST, OPTIONS"
_CORS: tuple[Header, ...] = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", REFUSED),
    NO_STORE,
)
_PREFLIGHT: tuple[Header, ...] = (
    ("Access-Control-Allow-Methods", _ALLOWED),
    ("Access-Control-Allow-Headers", "Content-Type"),
    ("Access-Control-Max-Age", "86400"),
    ("Allow", _ALLOWED),
)


class Collector:
    """Answers `/c`: 204 for whatever a browser may send, 503 where nothing could be kept."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def answer(
        self, environ: Environ, start_response: StartResponse, sites: Mapping[str, Site]
    ) -> Body:
        method = environ["REQUEST_METHOD"]
        if method == "OPTIONS":
            return _respond(start_response, "204 No Content", _PREFLIGHT)
        if method != "POST":
            return not_allowed(start_response, _ALLOWED)
        length = content_length(environ)
        if length is None:
            return _sentence(start_response, "411 Length Required", "Send Content-Length.")
        if length > events.MAX_BYTES:
            most = f"A batch has {events.MAX_BYTES} bytes at most."
            return _sentence(start_response, "413 Content Too Large", most)
        return self._batch(environ, start_response, sites, length)

    def _batch(
        self,
        environ: Environ,
        start_response: StartResponse,
        sites: Mapping[str, Site],
        length: int,
    ) -> Body:
        try:
            batch = events.read(read_body(environ["wsgi.input"], length))
            site = sites.get(batch.key)
            if site is None:
                raise RecordError(
                    "The batch's `k` is the key of no site: copy it from the site's snippet tag.",
                    "unknown-site",
                )
        except RecordError as error:
            self._recorder.counters.add(error.reason)
            return _refused(start_response, (error.reason,))
        if refuses(environ):
            self._recorder.counters.add(DO_NOT_TRACK, site.name, len(batch.events))
            return _refused(start_response, (DO_NOT_TRACK,))
        return self._record(environ, start_response, site, batch.events)

    def _record(
        self, environ: Environ, start_response: StartResponse, site: Site, sent: list[Any]
    ) -> Body:
        now = time.time()
        accepted, reasons = events.sort_out(sent, site, int(now * 1000))
        try:
            if accepted:
                self._recorder.record_all(environ, site.name, now, accepted)
        except SpoolError as error:
            self._recorder.counters.add(error.reason, site.name, len(accepted))
            return unavailable(start_response, error.reason)
        for reason in reasons:
            self._recorder.counters.add(reason, site.name)
        return _refused(start_response, reasons)


def unavailable(start_response: StartResponse, reason: str) -> Body:
    """Answer that nothing of the request was kept."""
    headers = ((REFUSED, reason), ("Retry-After", "2"))
    return _respond(start_response, "503 Service Unavailable", headers)


def readable_length(environ: Environ) -> int:
    """Return the length of a body that may be read, or 0."""
    length = content_length(environ)
    return length if length and length <= events.MAX_BYTES else 0


def content_length(environ: Environ) -> int | None:
    """Return the length that the request states, or `None`."""
    stated = environ.get("CONTENT_LENGTH") or ""
    if not (stated.isascii() and stated.isdecimal()):
        return None
    return int(stated[:18])


def read_body(stream: Any, length: int) -> bytes:
    """Return the body, or raise `RecordError` where the client went away before its end."""
    parts = []
    while length > 0:
        part = stream.read(length)
        if not part:
            raise RecordError("The batch ended before its Content-Length.", "incomplete")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _refused(start_response: StartResponse, reasons: Iterable[str]) -> Body:
    named = ", ".join(dict.fromkeys(reasons))
    headers = ((REFUSED, named),) if named else ()
    return _respond(start_response, "204 No Content", headers)


def _respond(start_response: StartResponse, status: str, headers: Iterable[Header]) -> Body:
    start_response(status, [*_CORS, *headers])
    return [b""]


def _sentence(start_response: StartResponse, status: str, sentence: str) -> Body:
    return answer(start_response, status, (*_CORS, TEXT), f"{sentence}\n".encode())
