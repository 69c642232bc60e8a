"""The estimate in a report: how many of the visits that stay direct were shares all the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from darksocial.days import span_of
from darksocial.estimator import drift, parts, seeded, stored
from darksocial.estimator.counts import Sample
from darksocial.estimator.result import DIVISIONS, NOT, NOTHING_LEFT, Estimate
from darksocial.estimator.stored import StoredFit
from darksocial.model import Site
from darksocial.reports.question import Answer, Params, Question, Row
from darksocial.store.protocol import Session

COLUMNS = (
    "visits",
    "certain",
    "near_certain",
    "rest",
    "unscored",
    "estimated",
    "low",
    "high",
    "at_most",
)
# What is said before anything was fitted: visits with evidence are counted all the same.
NO_FIT = Estimate(
    0, None, 0.0, 1.0, 1.0, NOT, "There is no fit yet: `darksocial fit --site SITE` makes one."
)


def estimate_of(
    session: Session, params: Params, divisions: Sequence[str] = parts.WITHOUT_PAGES
) -> Row | None:
    """Return what the newest fit says of the visits in a range; `None` where there is no fit.

    `rest` visits have evidence `model`, and `estimated` adds up their probabilities; `low` and
    `high` lie around it as the interval of the fit around its share. All three are `None` where the
    status is `not identified`, and `at_most` then bounds the number. `by` has the parts of each
    division.
    """
    fits = stored.newest(session, params["site"], 2)
    return _told(session, params, fits, divisions) if fits else None


def estimate_between(session: Session, site: Site, first: date, last: date) -> Row:
    """Return all that there is to say of a site's days: the estimate and its parts, divided in
    every way (`DIVISIONS`), and the fit behind it."""
    params = {"site": site.name, "first": first, "last": last, "timezone": site.timezone}
    fits = stored.newest(session, site.name, 2)
    since = last - timedelta(days=seeded.KEPT_DAYS)
    planted = seeded.as_rows(seeded.stored_seeds(session, site.name, since, last))
    return _told(session, params, fits, DIVISIONS) | {"seeded": planted}


def _told(session: Session, params: Params, fits: list[StoredFit], divisions: Sequence[str]) -> Row:
    estimate, lumps = (fits[0].estimate, fits[0].lumps) if fits else (NO_FIT, 1.0)
    if parts.PAGES in divisions:
        _class_pages(session, params)
    days = params["first"], params["last"]
    divided = parts.divided(session, params["site"], days, estimate, lumps, divisions)
    whole = parts.total(divided, divided.by(divisions[0]))
    return {
        "status": divided.status,
        "why": divided.why,
        "certain": whole.certain,
        "near_certain": whole.near_certain,
        "rest": whole.rest,
        "unscored": whole.unscored,
        "estimated": whole.estimated,
        "low": whole.low,
        "high": whole.high,
        "at_most": whole.at_most,
        "estimated_share": divided.share,
        "sources": divided.sources,
        **(_made(fits[0]) if fits else {}),
        "alarms": drift.alarms(fits),
        "due": [] if params.get("narrowed") else drift.due(session, params["site"]),
        "by": {name: [asdict(part) for part in divided.by(name)] for name in divisions},
    }


def _class_pages(session: Session, params: Params) -> None:
    zone = params["timezone"]
    span = span_of(params["first"], params["last"], zone)
    parts.class_pages(session, Sample("visits", params["site"], span.begin, span.end, zone))


def _made(fit: StoredFit) -> Row:
    """Return which fit this is and what it was made from."""
    return {
        "fit": str(fit.number),
        "fitted": fit.made.isoformat(timespec="seconds"),
        "fitted_from": fit.first,
        "fitted_to": fit.last,
        "fitted_tagged": fit.tagged,
        "fitted_untagged": fit.untagged,
        "library": fit.library,
    }


def _estimate(session: Session, params: Params) -> Answer:
    """The estimate by one division, and the whole of it beside."""
    division = params["by"] or DIVISIONS[0]
    found = _told(session, params, stored.newest(session, params["site"], 2), (division,))
    rows = found.pop("by")[division]
    return [{division: _named(division, row.pop("part")), **row} for row in rows], found


def _named(division: str, part: str) -> str | date:
    return date.fromisoformat(part) if division == "day" else part


QUESTIONS = {
    "estimate": Question(
        lambda params: (params["by"] or DIVISIONS[0], *COLUMNS), _estimate, {"by": DIVISIONS}
    )
}


def estimate_text(found: Row) -> str:
    """Return it in a few sentences for people who do not calculate, with the fit behind it."""
    lines = [
        f"Certain: {found['certain']:,} visits by the token of a share or a person's link; nearly "
        f"certain: {found['near_certain']:,} by other evidence.",
        _said(found),
    ]
    if found["unscored"]:
        lines.append(
            f"{found['unscored']:,} more lie on days that no fit has scored; `darksocial fit "
            "--from DAY` scores them."
        )
    if found["sources"]:
        alone = ", ".join(f"{k.replace('_', ' ')} {v:.0%}" for k, v in found["sources"].items())
        lines.append(f"Each source alone: {alone}.")
    lines += [_survival(**row) for row in found.get("seeded", ())]
    if "fit" in found:
        lines.append(
            f"By the fit of {found['fitted'][:10]} on {found['fitted_from']} to "
            f"{found['fitted_to']} (number {found['fit']}, version {found['library']})."
        )
    lines += [f"Moved since the last fit: {sentence}." for sentence in found["alarms"]]
    if found["due"]:
        lines.append(f"A new fit is due: {'; '.join(found['due'])}.")
    return "\n".join(lines) + "\n"


def _said(found: Row) -> str:
    if not found["rest"]:
        return NOTHING_LEFT
    if found["estimated"] is None:
        return (
            f"How many of the {found['rest']:,} visits without any trace were shares cannot be "
            f"told: at most {found['at_most']:,.0f}. {found['why']}"
        )
    sure = "" if found["status"] == "identified" else " Take it as a rough figure."
    scored = found["rest"] - found["unscored"]
    part = found["estimated"] / max(scored, 1)
    return (
        f"Of the {scored:,} visits without any trace about {found['estimated']:,.0f} "
        f"({part:.0%}) were probably links passed on as well (between {found['low']:,.0f} and "
        f"{found['high']:,.0f}, nine times out of ten; at most {found['at_most']:,.0f}).{sure} "
        f"{found['why']}"
    )


def _survival(channel: str, device: str, shared: int, seen: int, **bounds: float) -> str:
    where = f"{channel}, {device}" if device else channel
    return (
        f"Seeded shares, {where}: {seen:,} of {shared:,} kept their token "
        f"({bounds['low']:.0%} to {bounds['high']:.0%})."
    )
