"""A report as a file in any format."""

from __future__ import annotations

import io
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq

from darksocial.errors import InputError, Said
from darksocial.exports.picture import UNCHANGED, Say
from darksocial.reports import Report, render

TYPES = {
    "table": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def report_file(report: Report, format_: str, say: Say = UNCHANGED) -> bytes:
    """Return the report as a file's content.

    `say` puts headings into the reader's language where people read them (html, pdf, xlsx); in
    the other formats the names of columns stay as they are, since programs read them.
    """
    try:
        return REPORT_FORMATS[format_](report, say)
    except KeyError:
        known = ", ".join(REPORT_FORMATS)
        raise InputError(
            Said("%(format)r is no format: there are %(known)s.", format=format_, known=known)
        ) from None


def file_name(name: str, site: str, ending: str) -> str:
    """Return a name for a download; a port's colon becomes a hyphen."""
    return f"darksocial-{name}-{site.replace(':', '-')}.{ending}"


def _text(format_: str) -> Callable[[Report, Say], bytes]:
    return lambda report, _: render(report, format_).encode()


# The writers of Excel and PDF are loaded when they are used: every command would wait for them.
def _xlsx(report: Report, say: Say) -> bytes:
    from darksocial.exports import workbook

    return workbook.report(report, say)


def _pdf(report: Report, say: Say) -> bytes:
    from darksocial.exports import pdf

    return pdf.report(report, say)


def _html(report: Report, say: Say) -> bytes:
    from darksocial.exports import html

    return html.report(report, say).encode()


def _parquet(report: Report, _: Say) -> bytes:
    columns = {name: [row[name] for row in report.rows] for name in report.columns}
    about = {
        "report": report.name,
        "site": report.site,
        "timezone": report.timezone,
        "from": str(report.first or ""),
        "to": str(report.last or ""),
    }
    table = pa.table({name: _array(values) for name, values in columns.items()})
    buffer = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(about), buffer)
    return buffer.getvalue()


def _array(values: list[object]) -> pa.Array:
    """Return a column; one without any value is of texts, not of Arrow's type for nothing."""
    array = pa.array(values)
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


REPORT_FORMATS: dict[str, Callable[[Report, Say], bytes]] = {
    "table": _text("table"),
    "json": _text("json"),
    "csv": _text("csv"),
    "html": _html,
    "pdf": _pdf,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
