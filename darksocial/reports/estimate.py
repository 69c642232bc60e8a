"""The estimate in a report: how many of the visits that stay direct were shares all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from darksocial.estimator import parts, stored
from darksocial.estimator.counts import Sample
from darksocial.estimator.result import DIVISIONS, Estimate
from darksocial.estimator.stored import StoredFit
from darksocial.reports.question import Answer, Params, Question, Row
from darksocial.store.protocol import Session

COLUMNS = (
    "visits",
    "certain",
    "near_certain",
    "rest",
    "estimated",
    "low",
    "high",
    "at_most",
)
NO_FIT = "There is no fit yet: `darksocial fit --site SITE` makes one."


def estimate_of(
    session: Session, params: Params, divisions: Sequence[str] = parts.WITHOUT_PAGES
) -> Row | None:
    """Return what the newest fit says of the visits in a range; `None` where there is no fit.

    `shares` adds up the probabilities of single visits; `low` and `high` lie around it as the
    interval of the fit around its share. All three are `None` where the status is `not identified`,
    and `at_most` then bounds the number. `by` has the parts of each division.
    """
    fits = stored.newest(session, params["site"], 2)
    if not fits:
        return None
    fit = fits[0]
    divided = _divided(session, params, fit, divisions)
    whole = parts.total(divided, divided.by(divisions[0]))
    return {
        "status": divided.status,
        "why": divided.why,
        "certain": whole.certain,
        "near_certain": whole.near_certain,
        "visits": whole.rest,
        "shares": whole.estimated,
        "low": whole.low,
        "high": whole.high,
        "at_most": whole.at_most,
        "share": divided.share,
        "sources": divided.sources,
        **_made(fit),
        "moved": stored.drifted(fits),
        "by": {name: [asdict(part) for part in divided.by(name)] for name in divisions},
    }


def _divided(session: Session, params: Params, fit: StoredFit, divisions: Sequence[str]) -> Estimate:
    days, site = (params["first"], params["last"]), params["site"]
    if "page_class" in divisions:
        span = _span(*days, params["timezone"])
        parts.class_pages(session, Sample("visits", site, *span, params["timezone"]))
    return parts.divided(session, site, days, fit.estimate, fit.lumps, divisions)


def _span(first: date, last: date, timezone_name: str) -> tuple[datetime, datetime]:
    """Return from when to when days last (UTC)."""
    zone = ZoneInfo(timezone_name)
    begin, end = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(timezone.utc)
        for day in (first, last + timedelta(days=1))
    )
    return begin, end


def _made(fit: StoredFit) -> Row:
    """Return which fit this is and what it was made from."""
    return {
        "fit": str(fit.number),
        "fitted": fit.made.isoformat(timespec="seconds"),
        "fitted_from": fit.first.isoformat(),
        "fitted_to": fit.last.isoformat(),
        "fitted_tagged": fit.tagged,
        "fitted_untagged": fit.untagged,
        "library": fit.library,
    }


def _estimate(session: Session, params: Params) -> Answer:
    """The estimate by one division, and the whole of it beside."""
    division = params["by"] or DIVISIONS[0]
    found = estimate_of(session, params, (division,))
    if found is None:
        return [], {"status": None, "why": NO_FIT}
    rows = found.pop("by")[division]
    return [{division: row.pop("part"), **row} for row in rows], found


QUESTIONS = {
    "estimate": Question(
        lambda params: (params["by"] or DIVISIONS[0], *COLUMNS), _estimate, {"by": DIVISIONS}
    )
}


def estimate_text(found: Row) -> str:
    """Return it in a few sentences for people who do not calculate."""
    return f"{_said(found)} {found['why']}\n{_fit_text(found)}\n"


def _said(found: Row) -> str:
    if found["shares"] is None:
        return (
            f"How many of the {found['visits']:,} visits without any trace were shares cannot be "
            f"told: at most {found['at_most']:,.0f}."
        )
    sure = "" if found["status"] == "identified" else " Take it as a rough figure."
    return (
        f"Of the {found['visits']:,} visits without any trace about {found['shares']:,.0f} were "
        f"probably links passed on as well (between {found['low']:,.0f} and "
        f"{found['high']:,.0f}).{sure}"
    )


def _fit_text(found: Row) -> str:
    alone = ", ".join(f"{k.replace('_', ' ')} {v:.0%}" for k, v in found["sources"].items())
    said = f"Each kind of evidence alone: {alone}. " if alone else ""
    return (
        f"{said}By the fit of {found['fitted'][:10]} on {found['fitted_from']} to "
        f"{found['fitted_to']}."
    )
