"""Single visits as files, on every engine: all of them, once, in order, and no text that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from literal import drain, hit, new_site

from darksocial import exports, reclassification
from darksocial.cli.main import main
from darksocial.errors import InputError
from darksocial.exports import Cursor, Wanted, page, pages, workbook, write_visits
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.reports.cells import safe
from darksocial.store import Session, Store

ROWS = [
    hit("10:00", "ann", "/=1+1"),
    hit("10:05", "ann", "/b", page="/=1+1"),
    hit("12:00", "bob", "/a", referrer="https://web.whatsapp.com/"),
    hit("12:00", "cyd", "/ä", referrer="https://www.google.com/"),
    hit("13:00", "eve", "/b?utm_source=letter&utm_medium=email&utm_campaign=%3DSUM(A1)"),
    hit("2024-10-25T12:00", "fay", "/b"),
    hit("2024-10-25T13:00", "gus", "/c"),
]


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = new_site(store)
    drain(store, tmp_path_factory.mktemp("home"), site, ROWS)
    reclassification.publish_dirty(store, site.name)
    return site


def paths(tables: Iterator[pa.Table] | list[pa.Table]) -> list[str]:
    return [text.partition("/")[2] for table in tables for text in table["page"].to_pylist()]


def written(session: Session, site: Site, format_: str) -> io.BytesIO:
    file = io.BytesIO()
    assert write_visits(pages(session, Wanted(site), 2), format_, file) == 6
    return io.BytesIO(file.getvalue())


ALL = ["=1+1", "a", "ä", "b", "b", "c"]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_every_visit_comes_once_whatever_the_size_of_a_page(
    session: Session, filled: Site, rows: int
) -> None:
    tables = list(pages(session, Wanted(filled), rows))
    assert paths(tables) == ALL
    assert max(table.num_rows for table in tables) <= rows
    assert {table.schema for table in tables} == {tables[0].schema}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"span": Range(date(2024, 10, 25))}, ["b", "c"]),
        ({"span": Range(None, date(2024, 10, 24))}, ["=1+1", "a", "ä", "b"]),
        ({"span": Range(date(2024, 10, 23), date(2024, 10, 24))}, []),
        ({"channel": "dark_social"}, ["a"]),
        ({"evidence": "referrer"}, ["a", "ä"]),
        ({"evidence": "referrer", "channel": "search"}, ["ä"]),
    ],
)
def test_days_channel_and_evidence_choose(
    session: Session, filled: Site, wanted: dict[str, Any], found: list[str]
) -> None:
    assert paths(pages(session, Wanted(filled, **wanted), 2)) == found


def test_pages_follow_each_other_by_cursor(session: Session, filled: Site) -> None:
    cursor: Cursor | None = Cursor(date(2024, 1, 1))
    found = []
    while cursor:
        table, cursor = page(session, Wanted(filled), Cursor.parse(str(cursor)), 3)
        found += paths([table])
    assert found == ALL


@pytest.mark.parametrize("text", ["", "x", "2024-10-22", "2024-10-22.", "2024-10-22.-1", "x.1",
                                  "2024-10-22.18446744073709551616", "2024-10-22.¹"])  # fmt: skip
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no cursor"):
        Cursor.parse(text)


def test_a_site_without_visits_gives_its_columns(session: Session, store: Store) -> None:
    (table,) = pages(session, Wanted(new_site(store)))
    assert (table.num_rows, table.column_names[:3]) == (0, ["visit", "day", "ts"])


def test_a_row_says_how_the_visit_came_and_not_who_it_was(session: Session, filled: Site) -> None:
    (table,) = pages(session, Wanted(filled, channel="dark_social"))
    row = table.to_pylist()[0]
    assert row["ts"] == datetime(2024, 10, 22, 12, tzinfo=timezone.utc)
    assert (row["application"], row["evidence"], row["probability"]) == ("WhatsApp", "referrer", 1)
    assert row["visit"].isdigit()
    assert "visitor" not in row
    assert "network" not in row


def test_csv_holds_no_formula(session: Session, filled: Site) -> None:
    text = written(session, filled, "csv").read().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["page"].partition("/")[2] for row in rows] == ALL
    assert [row["utm_campaign"] for row in rows if row["utm_campaign"]] == ["'=SUM(A1)"]
    assert {cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@")} == set()


def test_parquet_holds_times_and_numbers(session: Session, filled: Site) -> None:
    table = pq.read_table(written(session, filled, "parquet"))
    assert table.num_rows == 6
    assert str(table.schema.field("ts").type).startswith("timestamp[")
    assert table["pages"].to_pylist() == [2, 1, 1, 1, 1, 1]


def test_xlsx_holds_texts_times_and_no_formula(session: Session, filled: Site) -> None:
    sheet = openpyxl.load_workbook(written(session, filled, "xlsx")).active
    names = [cell.value for cell in sheet[1]]
    assert names[:3] == ["visit", "day", "ts"]
    assert sheet.max_row == 7
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n", "d"}
    assert sheet.cell(2, names.index("ts") + 1).value == datetime(2024, 10, 22, 10)


def test_what_does_not_fit_on_a_sheet_goes_on_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    file = io.BytesIO()
    assert workbook.stream([pa.table({"n": [1, 2]}), pa.table({"n": [3, 4, 5, 6, 7]})], file) == 7
    book = openpyxl.load_workbook(file)
    found = [[cell.value for cell in sheet["A"]] for sheet in book.worksheets]
    assert found == [["n", 1, 2, 3], ["n", 4, 5, 6], ["n", 7]]


@pytest.mark.parametrize(
    "text",
    ["=1", " =1", "\t=1", "\tx", "\rx", "\nx", "+1", "+1+1", "-5,5", "-5-5", "@a", "\uff1d1", "a=1",
     "", " ", "ä", "\u3000+1", "\x1f@a", "1.234,5", "+-1", "-"],
)  # fmt: skip
def test_columns_and_cells_follow_one_rule(text: str) -> None:
    column = exports.rows.safe(pa.table({"a": [text]}))["a"].to_pylist()
    assert column == [safe(text)]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InputError, match="'pdf' is no format for visits: there are csv, parquet"):
        write_visits([], "pdf", io.BytesIO())


@pytest.mark.parametrize("format_", exports.VISIT_FORMATS)
def test_the_command_writes_a_file(embedded_store: Store, tmp_path: Path, format_: str) -> None:
    site = new_site(embedded_store)
    drain(embedded_store, tmp_path, site, ROWS)
    output = tmp_path / "visits"
    command = ["export", "visits", "--site", site.name, "--format", format_, "--from", "2024-10-22"]
    result = CliRunner().invoke(
        main, [*command, "--output", str(output), "--store", embedded_store.url]
    )
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "6 visits\n")
    assert output.stat().st_size > 200
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.parametrize("format_", exports.REPORT_FORMATS)
def test_the_report_command_writes_a_file(
    embedded_store: Store, tmp_path: Path, format_: str
) -> None:
    site = new_site(embedded_store)
    output = tmp_path / "file"
    words = ["report", "pages", "--site", site.name, "--format", format_, "--output", str(output)]
    result = CliRunner().invoke(main, [*words, "--store", embedded_store.url])
    assert (result.exit_code, result.output) == (0, "")
    assert output.stat().st_size > 0


def test_a_file_that_cannot_be_written_is_one_sentence(
    embedded_store: Store, tmp_path: Path
) -> None:
    site = new_site(embedded_store)
    words = ["export", "visits", "--site", site.name, "--output", str(tmp_path / "no" / "file")]
    result = CliRunner().invoke(main, [*words, "--store", embedded_store.url])
    assert result.exit_code == 1
    assert "cannot be written (No such file or directory): choose another" in result.stderr
