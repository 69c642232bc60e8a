"""Downloads of the console: the same files that the command writes, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pyarrow.parquet as pq
import pytest
from flask.testing import FlaskClient
from literal import hit

from darksocial import exports
from darksocial.model import Site
from darksocial.reports import REPORTS

SIGNATURES = {"pdf": b"%PDF-", "xlsx": b"PK", "parquet": b"PAR1", "html": b"<!doctype html>"}


@pytest.fixture(scope="module")
def filled(kept_site: Site, fill: Callable[..., None]) -> Site:
    fill(kept_site, hit("10:00", "ann", "/=1+1"), hit("11:00", "bob", "/<script>"))
    return kept_site


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_", exports.REPORT_FORMATS)
def test_each_report_is_a_file_of_each_format(
    client: FlaskClient, filled: Site, name: str, format_: str
) -> None:
    answer = client.get(f"/export/{name}.{format_}?lang=de")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == exports.TYPES[format_]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.data.startswith(SIGNATURES.get(format_, b""))
    assert b"<script>" not in answer.data or format_ != "html"


def test_visits_are_streamed_as_each_format(client: FlaskClient, filled: Site) -> None:
    text = client.get("/export/visits.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    pages = [row["page"].partition("/")[2] for row in rows]
    assert pages == ["=1+1", "<script>"]
    assert pq.read_table(io.BytesIO(client.get("/export/visits.parquet").data)).num_rows == 2
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/export/visits.xlsx").data)).active
    assert sheet.max_row == 3


@pytest.mark.parametrize("path", ["visits.pdf", "nothing.csv", "pages.exe"])
def test_what_there_is_not_is_one_sentence(client: FlaskClient, filled: Site, path: str) -> None:
    answer = client.get(f"/export/{path}?site={filled.name}")
    assert answer.status_code == 400
    assert "there are" in answer.text
