"""Excel files. Every text is written as a text, so none can become a formula or a link."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter

from darksocial.exports import picture
from darksocial.exports.picture import Say
from darksocial.reports import Report

MOST_ROWS = 1_048_576  # of a sheet, its heading included
LONGEST_TEXT = 32_767
WIDEST = 60
_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "remove_timezone": True,
}


class Book:
    """A workbook with this project's formats."""

    def __init__(self, file: BinaryIO, **options: Any) -> None:
        self.book = xlsxwriter.Workbook(file, {**_OPTIONS, **options})
        self._title = self.book.add_format({"bold": True, "font_size": 14})
        self._head = self.book.add_format({"bold": True, "bottom": 1, "bg_color": "#e8eef4"})
        self._number = self.book.add_format({"num_format": "#,##0"})
        self._fraction = self.book.add_format({"num_format": "#,##0.00"})
        self._day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def sheet(self, name: str) -> Any:
        return self.book.add_worksheet(name[:31])

    def title(self, sheet: Any, row: int, text: str) -> None:
        sheet.write_string(row, 0, text[:LONGEST_TEXT], self._title)

    def head(self, sheet: Any, row: int, names: Sequence[str]) -> None:
        for place, name in enumerate(names):
            sheet.write_string(row, place, name, self._head)

    def line(self, sheet: Any, row: int, values: Iterable[Any]) -> None:
        for place, value in enumerate(values):
            self._cell(sheet, row, place, value)

    def _cell(self, sheet: Any, row: int, place: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            sheet.write_string(row, place, value[:LONGEST_TEXT])
        elif isinstance(value, datetime):
            sheet.write_datetime(row, place, value, self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(row, place, datetime(*value.timetuple()[:3]), self._day)
        elif isinstance(value, int | float):
            form = self._number if isinstance(value, int) else self._fraction
            sheet.write_number(row, place, value, form)
        else:
            sheet.write_string(row, place, str(value)[:LONGEST_TEXT])


def report(told: Report, say: Say) -> bytes:
    """Return a report as a workbook: rows, chart, single figures, and the lists of its summary."""
    told = picture.spoken(told, say)
    buffer = io.BytesIO()
    book = Book(buffer, in_memory=True)
    sheet = book.sheet(say.heading(told.name))
    book.title(sheet, 0, picture.title(told, say))
    sheet.write_string(1, 0, picture.subtitle(told, say))
    _table(book, sheet, 3, told.columns, told.rows, say)
    _chart(book, told, say)
    _figures(book, told, say)
    for name, rows in picture.lists(told).items():
        _table(book, book.sheet(say.heading(name)), 0, tuple(rows[0]), rows, say)
    book.book.close()
    return buffer.getvalue()


def _table(
    book: Book, sheet: Any, top: int, columns: Sequence[str], rows: list[dict[str, Any]], say: Say
) -> None:
    book.head(sheet, top, [say.heading(name) for name in columns])
    for place, row in enumerate(rows, top + 1):
        book.line(sheet, place, (row[name] for name in columns))
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + max(len(rows), 1), len(columns) - 1)
    for place, name in enumerate(columns):
        widest = max((len(str(row[name])) for row in rows), default=0)
        sheet.set_column(place, place, min(max(widest, len(say.heading(name)) + 3) + 1, WIDEST))


def _chart(book: Book, told: Report, say: Say) -> None:
    drawn = picture.chart(told)
    if not drawn:
        return
    name = say.heading("chart")[:31]
    sheet = book.sheet(name)
    book.head(sheet, 0, ["", say.heading(drawn.measure)])
    for place, bar in enumerate(drawn.bars, 1):
        book.line(sheet, place, (bar.label, bar.value))
    sheet.set_column(0, 0, WIDEST)
    last = len(drawn.bars)
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": say.heading(drawn.measure),
            "categories": [name, 1, 0, last, 0],
            "values": [name, 1, 1, last, 1],
            "fill": {"color": "#2f6f9f"},
        }
    )
    chart.set_title({"name": picture.title(told, say)})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    sheet.insert_chart(
        1, 3, chart, {"description": f"{say.heading(drawn.measure)}: {say.heading(told.name)}"}
    )


def _figures(book: Book, told: Report, say: Say) -> None:
    figures = picture.figures(told)
    if figures:
        sheet = book.sheet(say.heading("figures"))
        for place, (name, value) in enumerate(figures.items()):
            book.line(sheet, place, (say.heading(name), value))
        sheet.set_column(0, 0, WIDEST)


def stream(tables: Iterable[pa.Table], file: BinaryIO) -> int:
    """Write tables of the same columns below each other; return the number of rows.

    A row leaves the memory when the next begins. What does not fit on a sheet goes on the next.
    """
    book = Book(file, constant_memory=True)
    written, row, sheet = 0, MOST_ROWS, None
    for table in tables:
        for values in _rows(table):
            if row >= MOST_ROWS:
                sheet, row = _next_sheet(book, table.column_names), 1
            book.line(sheet, row, values)
            row += 1
            written += 1
        if sheet is None:
            sheet, row = _next_sheet(book, table.column_names), 1
    book.book.close()
    return written


def _next_sheet(book: Book, names: list[str]) -> Any:
    sheet = book.book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(names):
        sheet.set_column(place, place, 20 if name in ("ts", "page", "referrer") else 14)
    book.head(sheet, 0, names)
    return sheet


def _rows(table: pa.Table) -> Iterable[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=1000):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
