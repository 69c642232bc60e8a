"""What the asking account may see: readers and shared reports see no small cells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import current_app, g

from darksocial.accounts import Account
from darksocial.console import asked
from darksocial.reports import Report, suppressed
from darksocial.settings import Settings


def minimum() -> int:
    """Return the least number of visitors of a cell that may be shown; 0 where every one may."""
    account: Account | None = g.get("account")
    settings: Settings = current_app.config["SETTINGS"]
    return 0 if account and account.sees_visits else settings.minimum_visitors


def notice() -> str:
    """Return the sentence that says what is left out, "" where nothing is."""
    least = minimum()
    if not least:
        return ""
    return asked.words().say(
        "Figures that speak of fewer than %(n)s visitors are left out.", n=least
    )


def disclosed(report: Report) -> Report:
    """Return a report as the asking account may see it."""
    return suppressed(report, minimum()) if minimum() else report


def for_page(report: Report) -> Report:
    """Return a report for a page that reckons with its figures: what is left out counts as 0."""
    return _filled(disclosed(report)) if minimum() else report


def _filled(report: Report) -> Report:
    summary = {
        name: _zeros(value) if isinstance(value, list) else value or 0
        for name, value in report.summary.items()
    }
    return replace(report, rows=_zeros(report.rows), summary=summary)


def _zeros(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: 0 if value is None else value for name, value in row.items()} for row in rows]
