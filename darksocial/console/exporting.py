"""Files to download: reports for everybody, single visits for analysts and owners."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from flask import Blueprint, Response, current_app, request

from darksocial import exports
from darksocial.accounts import ANALYST
from darksocial.console import asked
from darksocial.console.disclosure import disclosed
from darksocial.console.guard import require
from darksocial.errors import InputError, Said
from darksocial.model import EVIDENCE
from darksocial.reports import Report
from darksocial.reports.narrowing import Filters, narrowed
from darksocial.store.protocol import Store
from darksocial.texts.headings import Headings

blueprint = Blueprint("exporting", __name__)

CHUNK = 1 << 16


@blueprint.get("/export/visits.<format_>")
@require(ANALYST)
def visits(format_: str) -> Response:
    """Single visits; the answer is sent while they are read, so it takes no more memory."""
    wanted = wanted_visits()
    if format_ not in exports.VISIT_FORMATS:
        raise exports.no_format(format_)
    store: Store = current_app.config["STORE"]
    # Looked up now: the request is over when the answer is written.
    limits = asked.limits(wanted.site)
    body = (
        _csv(store, wanted, limits) if format_ == "csv" else _file(store, wanted, limits, format_)
    )
    return _download(Response(body), "visits", wanted.site.name, format_)


@blueprint.get("/export/<name>.<format_>")
def report(name: str, format_: str) -> Response:
    return report_response(disclosed(asked.answer(name)), format_)


def report_response(report: Report, format_: str) -> Response:
    """Return a report as a download."""
    content = exports.report_file(report, format_, Headings(asked.words()))
    return _download(Response(content), report.name, report.site, format_)


def wanted_visits() -> exports.Wanted:
    """Return which visits the request asks for."""
    return exports.Wanted(asked.site(), asked.span(), evidence=_one_of("evidence", EVIDENCE))


def _one_of(name: str, known: tuple[str, ...]) -> str:
    text = request.args.get(name, "")
    if text and text not in known:
        raise InputError(
            Said(
                "%(text)r is no %(name)s: there are %(known)s.",
                text=text,
                name=name,
                known=", ".join(known),
            )
        )
    return text


def _csv(store: Store, wanted: exports.Wanted, limits: list[Filters]) -> Iterator[bytes]:
    with store.session() as session:
        yield from exports.csv_chunks(exports.pages(narrowed(session, limits), wanted))


def _file(
    store: Store, wanted: exports.Wanted, limits: list[Filters], format_: str
) -> Iterator[bytes]:
    """Write the file beside the memory first: its end has to be known before its beginning."""
    with tempfile.TemporaryFile() as file:
        with store.session() as session:
            rows = exports.pages(narrowed(session, limits), wanted)
            exports.write_visits(rows, format_, file)
        file.seek(0)
        yield from _chunks(file)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _download(response: Response, name: str, site: str, format_: str) -> Response:
    response.headers["Content-Type"] = exports.TYPES[format_]
    file = exports.file_name(name, site, {"table": "txt"}.get(format_, format_))
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
