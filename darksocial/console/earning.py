"""The page on conversions: beside the table who earned what, in two ways of counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from darksocial.console import tables
from darksocial.reports import Report
from darksocial.texts import Words
from darksocial.texts.headings import Headings

blueprint = Blueprint("earning", __name__)

DARK, DIRECT = "dark_social", "Direct"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One channel: conversions and value in words, and its part of the largest (0 to 1)."""

    label: str
    conversions: str
    value: str
    part: float


@dataclass(frozen=True, slots=True)
class Side:
    """One way of counting, by the columns of the report."""

    column: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Earned:
    """A sentence for each currency, and the channels as analytics and as we count them."""

    sentences: tuple[str, ...]
    sides: tuple[Side, ...]


@blueprint.get("/reports/conversions")
def conversions() -> str:
    return tables.shown("conversions", "conversions.html", earned)


def earned(report: Report, words: Words) -> Earned:
    """Return what the page says of the report `conversions`; nothing where that is too little."""
    summary = report.summary
    sentences = (_sentence(row, summary, words) for row in summary["totals"])
    sides = (
        Side("reported_channel", _lines(summary["reported_channels"], "reported_channel", words)),
        Side("channel", _lines(summary["channels"], "channel", words)),
    )
    return Earned(
        tuple(sentence for sentence in sentences if sentence),
        tuple(side for side in sides if side.lines),
    )


def _sentence(total: Row, summary: dict[str, Any], words: Words) -> str:
    """Return the sentence on the conversions of one currency, "" where it would tell of too few."""
    dark = _found(summary["channels"], total, channel=DARK)
    hidden = dark and _found(summary["dark_social_reported_as"], dark, reported_channel=DIRECT)
    if dark is None or hidden is None:
        return ""
    said = words.say(
        "Dark social earned %(dark)s of %(all)s conversions",
        dark=_number(dark["conversions"], words),
        all=_number(total["conversions"], words),
    )
    if total["value"]:
        said += words.say(
            ", worth %(dark)s of %(all)s", dark=_money(dark, words), all=_money(total, words)
        )
    if not hidden["conversions"]:
        return f"{said}."
    return f"{said}. " + words.say(
        "%(n)s of them stand under Direct in GA4.", n=_number(hidden["conversions"], words)
    )


def _found(rows: list[Row], total: Row, **wanted: str) -> Row | None:
    """Return the sums of a channel, noughts where it has none.

    `None` where something is not shown: what is left does not add up to the total then.
    """
    some = [row for row in rows if row["currency"] == total["currency"]]
    figures = [row[name] for row in (total, *some) for name in ("conversions", "value")]
    if None in figures or abs(sum(row["conversions"] for row in some) - total["conversions"]) > 0.1:
        return None
    nothing = {"currency": total["currency"], "conversions": 0.0, "value": 0.0}
    return next((row for row in some if wanted.items() <= row.items()), nothing)


def _lines(rows: list[Row], column: str, words: Words) -> tuple[Line, ...]:
    headings = Headings(words)
    most = max((row["conversions"] or 0 for row in rows), default=0)
    return tuple(
        Line(
            headings.value(column, row[column]),
            "" if row["conversions"] is None else _number(row["conversions"], words),
            _money(row, words),
            (row["conversions"] or 0) / most if most else 0.0,
        )
        for row in rows
    )


def _money(row: Row, words: Words) -> str:
    if row["value"] is None:
        return ""
    known = len(row["currency"]) == 3  # "other" stands for several
    return words.money(row["value"], row["currency"]) if known else words.number(row["value"])


def _number(value: float, words: Words) -> str:
    """Return conversions, of which parts may be shared out, with one digit behind the point."""
    return words.number(round(value, 1))
