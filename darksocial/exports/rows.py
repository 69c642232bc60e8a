"""Single visits written to a file as they come out of the store."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from darksocial.errors import InputError, Said
from darksocial.reports.cells import FORMULA, NUMBER


def write_visits(tables: Iterable[pa.Table], format_: str, file: BinaryIO) -> int:
    """Write tables of the same columns to a binary file; return the number of rows."""
    try:
        return VISIT_FORMATS[format_](tables, file)
    except KeyError:
        raise no_format(format_) from None


def no_format(format_: str) -> InputError:
    """Return what is said of a format that visits do not come in."""
    return InputError(
        Said(
            "%(format)r is no format for visits: there are %(known)s.",
            format=format_,
            known=", ".join(VISIT_FORMATS),
        )
    )


def csv_chunks(tables: Iterable[pa.Table]) -> Iterator[bytes]:
    """Yield tables as CSV, the names of the columns first."""
    for place, table in enumerate(tables):
        yield _as_csv(table, head=place == 0)


def _as_csv(table: pa.Table, head: bool) -> bytes:
    buffer = io.BytesIO()
    pacsv.write_csv(safe(table), buffer, pacsv.WriteOptions(include_header=head))
    return buffer.getvalue()


def safe(table: pa.Table) -> pa.Table:
    """Return the table with an apostrophe before texts that a spreadsheet would run."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            table = table.set_column(place, field.name, _safe(table[field.name]))
    return table


def _safe(column: pa.ChunkedArray) -> pa.ChunkedArray:
    risky = pc.and_(
        pc.match_substring_regex(column, FORMULA),
        pc.invert(pc.match_substring_regex(column, NUMBER)),
    )
    marked = pc.binary_join_element_wise(pa.scalar("'", column.type), column, "")
    return pc.if_else(risky, marked, column)


def _csv(tables: Iterable[pa.Table], file: BinaryIO) -> int:
    written = 0
    for place, table in enumerate(tables):
        file.write(_as_csv(table, head=place == 0))
        written += table.num_rows
    return written


def _parquet(tables: Iterable[pa.Table], file: BinaryIO) -> int:
    written = 0
    writer = None
    for table in tables:
        if writer is None:
            writer = pq.ParquetWriter(file, table.schema, compression="zstd")
        writer.write_table(table.cast(writer.schema))
        written += table.num_rows
    if writer is not None:
        writer.close()
    return written


def _xlsx(tables: Iterable[pa.Table], file: BinaryIO) -> int:
    from darksocial.exports import workbook

    return workbook.stream(tables, file)


VISIT_FORMATS: dict[str, Callable[[Iterable[pa.Table], BinaryIO], int]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
}
