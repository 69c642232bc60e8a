"""A report as files: opened again, they hold the same figures, and no text in them can run."""

from __future__ import annotations

import csv
import io
from datetime import date
from html.parser import HTMLParser

import openpyxl
import pyarrow.parquet as pq
import pypdfium2
import pytest

from darksocial import registry
from darksocial.errors import InputError
from darksocial.exports import REPORT_FORMATS, file_name, report_file
from darksocial.exports.picture import Bar, chart
from darksocial.reports import REPORTS, Report, run
from darksocial.store import Store
from darksocial.texts import words_for
from darksocial.texts.headings import HEADINGS, Headings

HOSTILE = [
    '=HYPERLINK("https://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\u00a0=1+1",
    "\uff1d1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<b>&amp;</b>",
    "javascript:alert(1)",
    "https://evil.example/click",
    "a,b;c",
    "zwei\nZeilen",
    "Größe über alles",
    "Новости",
    "\x00\x08\x1b[31m",
    "-5",
    "x" * 40_000,
]
COLUMNS = ("page", "visits", "dark_social", "share")


def told(texts: list[str] = HOSTILE, name: str = "pages") -> Report:
    rows = [
        {"page": text, "visits": 1000 - place, "dark_social": place, "share": 0.5}
        for place, text in enumerate(texts)
    ]
    summary = {"visits": 12_345, "days": [{"day": date(2026, 10, 25), "visits": 7}]}
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    return Report(name, "größe.example", "Europe/Berlin", first, last, COLUMNS, rows, summary)


RISKY = [
    text for text in HOSTILE if text.lstrip("\t\r\u00a0")[:1] in {"=", "+", "-", "@", "\uff1d"}
]


def test_csv_holds_no_formula_and_keeps_numbers() -> None:
    text = report_file(told(), "csv").decode("utf-8")
    cells = [row["page"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert cells == [f"'{text}" if text in RISKY and text != "-5" else text for text in HOSTILE]


def test_xlsx_holds_texts_and_no_formula_and_no_link() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_file(told(), "xlsx")))
    sheet = book["pages"]
    found = {(cell.data_type, cell.hyperlink) for row in sheet["A5:A24"] for cell in row}
    assert found == {("s", None)}
    assert [cell.value for cell in sheet[5]] == [HOSTILE[0], 1000, 0, 0.5]
    assert [cell.value for cell in sheet[4]] == list(COLUMNS)
    assert sheet["B5"].number_format == "#,##0"
    assert len(sheet["A24"].value) == 32_767


def test_xlsx_has_a_chart_and_the_summary_on_sheets_of_their_own() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report_file(told(), "xlsx")))
    assert book.sheetnames == ["pages", "chart", "figures", "days"]
    (drawn,) = book["chart"]._charts
    assert drawn.tagname == "barChart"
    assert [cell.value for cell in book["figures"][1]] == ["visits", 12_345]
    assert book["days"]["A2"].is_date


def test_headings_and_values_are_german_where_people_read_them() -> None:
    say = Headings(words_for("de"))
    row = {"channel": "dark_social", "evidence": "token", "visits": 9}
    report = Report("channels", "a.example", "UTC", None, None, tuple(row), [row])
    text = report_file(report, "html", say).decode()
    assert '<th scope="col">Kanal</th><th scope="col">Beleg</th>' in text
    assert "<td>Der Link trug ein Share-Token</td>" in text
    sheet = openpyxl.load_workbook(io.BytesIO(report_file(report, "xlsx", say))).worksheets[0]
    assert [cell.value for cell in sheet[4]] == ["Kanal", "Beleg", "Besuche"]
    assert "Besuche" in pdf_text(report_file(report, "pdf", say))
    assert report_file(report, "csv", say) == b"channel,evidence,visits\r\ndark_social,token,9\r\n"


def pdf_text(content: bytes) -> str:
    pages = list(pypdfium2.PdfDocument(content))
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def test_pdf_shows_title_figures_umlauts_and_texts_as_they_are() -> None:
    text = pdf_text(report_file(told(), "pdf"))
    for wanted in ("größe.example: pages", "12,345", "Größe über alles", "<b>&amp;</b>", "1,000"):
        assert wanted in text
    assert "<script>alert(1)</script>" in text
    assert "[U+041D]" in text  # what the font cannot draw is named


def test_pdf_is_drawn_over_several_pages_with_a_chart() -> None:
    document = pypdfium2.PdfDocument(report_file(told(["page"] * 200), "pdf"))
    assert len(document) > 3
    picture = document[0].render(scale=1).to_pil().convert("RGB")
    blue = sum(count for count, colour in picture.getcolors(1 << 24) if colour == (47, 111, 159))
    assert blue > 1000


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_html_holds_no_element_of_a_hostile_text() -> None:
    text = report_file(told(), "html").decode()
    page = Tags(text)
    assert page.found.isdisjoint({"script", "img", "b", "a", "iframe", "link"})
    assert not {name for name in page.attributes if name.startswith("on") or name == "src"}
    assert "default-src 'none'" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_parquet_holds_the_rows_and_says_what_they_are() -> None:
    table = pq.read_table(io.BytesIO(report_file(told(), "parquet")))
    assert table.to_pylist() == told().rows
    about = table.schema.metadata
    assert (about[b"report"], about[b"site"]) == (b"pages", "größe.example".encode())
    assert (about[b"from"], about[b"to"]) == (b"2026-10-01", b"2026-10-31")


@pytest.mark.parametrize("format_", REPORT_FORMATS)
def test_a_report_of_nothing_is_a_file_too(format_: str) -> None:
    empty = Report("pages", "a.example", "UTC", None, None, COLUMNS, [])
    assert report_file(empty, format_)


@pytest.mark.parametrize("format_", REPORT_FORMATS)
def test_figures_that_are_not_shown_are_no_trouble(format_: str) -> None:
    row = {"page": "other", "visits": 9, "dark_social": None, "share": None}
    report = Report("pages", "a.example", "UTC", None, None, COLUMNS, [row], {"shares": None})
    assert report_file(report, format_)


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="'doc' is no format: there are table, json, csv, html"):
        report_file(told(), "doc")


def test_the_chart_shows_channels_where_a_report_has_them() -> None:
    channels = [{"channel": "direct", "visits": 3}, {"channel": "dark_social", "visits": 8}]
    report = Report("overview", "a.example", "UTC", None, None, (), [], {"channels": channels})
    drawn = chart(report)
    assert drawn is not None
    assert drawn.bars == (Bar("dark_social", 8), Bar("direct", 3))


def test_the_chart_shows_the_ten_longest_bars() -> None:
    drawn = chart(told([f"/{number}" for number in range(30)]))
    assert drawn is not None
    assert [bar.value for bar in drawn.bars] == list(range(1000, 990, -1))


def test_the_chart_keeps_the_order_of_spans_of_time() -> None:
    rows = [{"delay": f"{number} to {number + 1}", "visits": number % 5} for number in range(12)]
    drawn = chart(Report("timing", "a.example", "UTC", None, None, ("delay", "visits"), rows, {}))
    assert drawn is not None
    assert [bar.label for bar in drawn.bars] == [row["delay"] for row in rows]


def test_how_sure_an_estimate_is_stands_in_words() -> None:
    summary = {"status": "not identified", "library": "0.1.0"}
    report = Report("estimate", "a.example", "UTC", None, None, ("day",), [], summary)
    text = report_file(report, "html", Headings(words_for("de"))).decode()
    assert "Wie sicher die Schätzung ist" in text
    assert "es lässt sich nicht sagen" in text
    assert "identified" not in text


def test_a_file_s_name_has_no_colon() -> None:
    assert file_name("pages", "localhost:8082", "csv") == "darksocial-pages-localhost-8082.csv"


@pytest.mark.parametrize("name", REPORTS)
def test_every_column_of_every_report_has_a_heading(embedded_store: Store, name: str) -> None:
    with embedded_store.session() as session:
        site = registry.add_site(session, "headings.example")
        columns = run(session, name, site).columns
    assert {name, *columns} - set(HEADINGS) == set()
