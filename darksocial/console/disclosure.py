"""What the asking account may see: readers and shared reports see no small cells."""

from __future__ import annotations

from flask import current_app, g

from darksocial.accounts import Account
from darksocial.reports import Report, suppressed
from darksocial.settings import Settings


def minimum() -> int:
    """Return the least number of visitors of a cell that may be shown; 0 where every one may."""
    account: Account | None = g.get("account")
    settings: Settings = current_app.config["SETTINGS"]
    return 0 if account and account.sees_visits else settings.minimum_visitors


def disclosed(report: Report) -> Report:
    """Return a report as the asking account may see it."""
    return suppressed(report, minimum()) if minimum() else report
