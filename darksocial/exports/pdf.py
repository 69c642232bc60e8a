"""A report as a PDF: title, chart, figures and table, with page numbers. For mail and paper."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import reportlab
from reportlab.graphics.shapes import Drawing, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, Table

from darksocial.exports import picture
from darksocial.exports.picture import DASH, Say
from darksocial.reports import Report

FONT, BOLD = "Vera", "VeraBd"  # come with the library, and hold the letters of western Europe
MARGIN = 15 * mm
WIDTH = landscape(A4)[0] - 2 * MARGIN
INK, DARK, RULE = colors.HexColor("#1d2733"), colors.HexColor("#2f6f9f"), colors.HexColor("#c9d3dd")
ROW, LABEL, VALUE = 6 * mm, 70 * mm, 25 * mm
LONGEST_TEXT = 300

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=16, leading=20, textColor=INK)
_PLAIN = ParagraphStyle("plain", fontName=FONT, fontSize=9, leading=12, textColor=INK)
_CELL = ParagraphStyle("cell", _PLAIN, fontSize=7.5, leading=9.5, splitLongWords=True)
_HEAD = ParagraphStyle("head", _CELL, fontName=BOLD)
_RIGHT = ParagraphStyle("right", _CELL, alignment=2)
_HEAD_RIGHT = ParagraphStyle("head-right", _HEAD, alignment=2)


@cache
def _fonts() -> frozenset[int]:
    """Register the fonts, once, and return the characters that they can draw."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in (FONT, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    return frozenset(pdfmetrics.getFont(FONT).face.charToGlyph)


def report(told: Report, say: Say) -> bytes:
    """Return a report as a PDF."""
    _fonts()
    told = picture.spoken(told, say)
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer,
        pagesize=landscape(A4),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN,
        title=drawable(picture.title(told, say)),
        author="darksocial",
    )
    document.build(_content(told, say), onFirstPage=_foot, onLaterPages=_foot)
    return buffer.getvalue()


def drawable(text: str) -> str:
    """Return a text with what the fonts cannot draw written as `U+…`, rather than as nothing."""
    known = _fonts()
    printable = (char if char.isprintable() else " " for char in text[:LONGEST_TEXT])
    return "".join(char if ord(char) in known else f"[U+{ord(char):04X}]" for char in printable)


def _content(told: Report, say: Say) -> list[Flowable]:
    content: list[Flowable] = [
        _text(picture.title(told, say), _TITLE),
        _text(picture.subtitle(told, say), _PLAIN),
    ]
    content.append(Spacer(1, 5 * mm))
    if chart := picture.chart(told):
        content += [_text(say.heading(chart.measure), _HEAD), _bars(chart, say), Spacer(1, 5 * mm)]
    if figures := picture.figures(told):
        content += [_figures(figures, say), Spacer(1, 5 * mm)]
    if told.rows:
        content.append(_table(told, say))
    return content


def _text(text: Any, style: ParagraphStyle) -> Paragraph:
    """Return a paragraph; its text is escaped, since the library reads marks in it."""
    return Paragraph(escape(drawable(str(text))), style)


def _bars(chart: picture.Chart, say: Say) -> Drawing:
    drawing = Drawing(WIDTH, ROW * len(chart.bars))
    longest = (WIDTH - LABEL - VALUE) / (chart.longest or 1)
    for place, bar in enumerate(reversed(chart.bars)):
        bottom = place * ROW
        label = drawable(bar.label)
        drawing.add(String(0, bottom + 5, _cut(label, LABEL), fontName=FONT, fontSize=8))
        length = max(bar.value * longest, 0.5)
        drawing.add(Rect(LABEL, bottom + 2, length, ROW - 4, fillColor=DARK, strokeColor=None))
        value = String(LABEL + length + 4, bottom + 5, say.shown(bar.value))
        value.fontName, value.fontSize = FONT, 8
        drawing.add(value)
    return drawing


def _cut(text: str, width: float) -> str:
    """Return as much of a text as fits."""
    while text and pdfmetrics.stringWidth(text, FONT, 8) > width - 6:
        text = text[:-2] + "…" if len(text) > 2 else ""
    return text


def _figures(figures: dict[str, Any], say: Say) -> Table:
    cells = [
        (_text(say.heading(name), _CELL), _text(say.shown(value), _RIGHT))
        for name, value in figures.items()
    ]
    half = (len(cells) + 1) // 2
    left, right = cells[:half], cells[half:] + [("", "")] * (half * 2 - len(cells))
    rows = [[*one, "", *other] for one, other in zip(left, right, strict=True)]
    table = Table(rows, [80 * mm, 30 * mm, 10 * mm, 80 * mm, 30 * mm], hAlign="LEFT")
    table.setStyle([("LINEBELOW", (0, 0), (1, -1), 0.4, RULE), *_TIGHT])
    return table


_TIGHT = [("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5)]


def _table(told: Report, say: Say) -> LongTable:
    numeric = [_is_numeric(told, name) for name in told.columns]
    head = [
        _text(say.heading(name), _HEAD_RIGHT if right else _HEAD)
        for name, right in zip(told.columns, numeric, strict=True)
    ]
    rows = [
        [
            _text(say.shown(row[name]), _RIGHT if right else _CELL)
            for name, right in zip(told.columns, numeric, strict=True)
        ]
        for row in told.rows
    ]
    table = LongTable([head, *rows], _widths(told, numeric), repeatRows=1, hAlign="LEFT")
    rule = ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE)
    table.setStyle([rule, ("VALIGN", (0, 0), (-1, -1), "TOP"), *_TIGHT])
    return table


def _is_numeric(told: Report, name: str) -> bool:
    return any(isinstance(row[name], int | float) for row in told.rows)


def _widths(told: Report, numeric: list[bool]) -> list[float]:
    """Share the width: numbers take what they need, texts by what they hold."""
    weights = [
        12.0 if right else min(max(max(len(str(row[name])) for row in told.rows), 12), 60)
        for name, right in zip(told.columns, numeric, strict=True)
    ]
    return [WIDTH * weight / sum(weights) for weight in weights]


def _foot(canvas: Any, document: Any) -> None:
    canvas.setFont(FONT, 7)
    canvas.drawRightString(landscape(A4)[0] - MARGIN, 8 * mm, f"darksocial {DASH} {document.page}")
