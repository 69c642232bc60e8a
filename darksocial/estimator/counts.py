"""What the estimator asks the store: counts alone, however much traffic there was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darksocial.estimator.features import FEATURES
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, Sql, render, statement

GROUPS = 20
WINDOW_HOURS = 84
HIDDEN_PERCENT = 33

# Previews fetched by the sender's own device; all others come from servers that keep them.
CLIENT_PREVIEWS = ("WhatsApp", "Signal", "iMessage")

# Paths that list other pages: by their words, or a short word alone.
LISTING = (
    r"^(/[a-z]{2}(-[a-z]{2})?)?/((s|c|cat|section|sections|category|categories|kategorie|collection"
    r"|collections|tag|tags|topic|topics|thema|themen|rubrik|ressort|channel|author|authors|autor)"
    r"([/_-][^/]*)?|[a-z_]{2,14})$"
)
HOME = r"^(/([a-z]{2}(-[a-z]{2})?|home|start|startseite))?$"

STEPS = (
    *("arrivals", "folders", "pages", "tokens", "windows", "around", "known", "looked"),
    "features",
)
TABLES = tuple(f"est_{step}" for step in STEPS)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Which visits are looked at: a table, a site, a stretch of time in UTC, its time zone.

    For validation, a third of the tokens can be hidden, chosen by a column of the visits, and the
    parameters of campaigns be stripped.
    """

    visits: str
    site: str
    begin: datetime
    end: datetime
    timezone: str
    seed: int = 0
    hide_by: str = ""
    stripped: bool = False


@dataclass(frozen=True, slots=True)
class Extent:
    """What there is: hours since 1970 from `start` to `stop`; tagged and untagged arrivals,
    different tokens that came, shares reported, and of `known` tagged arrivals with a reported
    share how many are `fitting`: on the share's page and not before it. `lumps` is how many visits
    of the same token a tagged visit stands among; `answered` and `shared` are survey answers on
    deep pages, `deep_tagged` and `deep_untagged` the arrivals there."""

    start: int
    stop: int
    tagged: int
    untagged: int
    tokens: int
    shares: int
    known: int = 0
    fitting: int = 0
    lumps: float = 1.0
    answered: int = 0
    shared: int = 0
    deep_tagged: int = 0
    deep_untagged: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """All that a fit sees. `cells`: grp, features (n x F codes), tagged and untagged (n).

    `units` are pages x half weeks, `channels` channels x devices x groups (previews among them),
    `public` what visits of known origin on deep pages look like, as the statements of the same
    names return them.
    """

    extent: Extent
    cells: pa.Table
    units: pa.Table
    channels: pa.Table
    public: pa.Table

    def codes(self) -> NDArray[np.int64]:
        """Return the features of the cells: n x F."""
        columns = [self.cells[f.name].to_numpy().astype(np.int64) for f in FEATURES]
        return np.stack(columns, axis=1) if columns else np.zeros((0, 0), np.int64)


def column(table: pa.Table, name: str) -> Floats:
    """Return a column as floats."""
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def prepare(session: Session, sample: Sample, until: str = STEPS[-1]) -> Extent:
    """Make the temporary tables with the features of every tagged and untagged arrival, or those
    up to a step: `pages` has the class of every page."""
    drop(session)
    params = _params(sample)
    session.execute("CREATE TEMPORARY TABLE est_hidden (token String)")
    if sample.hide_by:
        session.execute(statement("estimate/hide"), by=Name(sample.hide_by), **params)
    session.execute(statement(f"estimate/{STEPS[0]}"), **params)
    extent = _extent(session, params)
    params |= {"start": extent.start, "stop": extent.stop, "levels": _levels(extent)}
    for step in STEPS[1 : STEPS.index(until) + 1]:
        session.execute(statement(f"estimate/{step}"), **params)
    return extent


def gather(session: Session, sample: Sample) -> Counts:
    """Return the counts for a fit; the temporary tables stay for scoring."""
    extent = prepare(session, sample)
    params = _params(sample) | {"start": extent.start}
    more: dict[str, Any] = {}
    for name in ("coherence", "survey", "deep"):
        more |= session.query(statement(f"estimate/{name}"), **params).to_pylist()[0]
    extent = replace(extent, **more)
    channels = session.query(statement("estimate/channels"), **params)
    previews = session.query(statement("estimate/previews"), **params)
    return Counts(
        extent,
        session.query(statement("estimate/cells")),
        session.query(statement("estimate/units"), **params),
        pa.concat_tables([channels, previews.cast(channels.schema)]),
        session.query(statement("estimate/public"), **params, levels=_levels(extent)),
    )


def _levels(extent: Extent) -> Sql:
    """Return the expressions of the features of a page and hour."""
    told = int(extent.tokens > 0 or extent.shares > 0)
    return Sql(render(statement("estimate/levels"), {"told": told}))


def drop(session: Session) -> None:
    """Let go of the temporary tables."""
    for table in (*TABLES, "est_scored", "est_hidden"):
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))


def _extent(session: Session, params: dict[str, object]) -> Extent:
    row = session.query(statement("estimate/extent")).to_pylist()[0]
    shares = session.query(statement("estimate/shares"), **params)["n"][0].as_py()
    return Extent(**row, shares=int(shares))


def _params(sample: Sample) -> dict[str, object]:
    return {
        "visits": Name(sample.visits),
        "site": sample.site,
        "begin": sample.begin,
        "end": sample.end,
        "timezone": sample.timezone,
        "seed": sample.seed,
        "groups": GROUPS,
        "stripped": int(sample.stripped),
        "percent": HIDDEN_PERCENT,
        "window": WINDOW_HOURS,
        "applications": CLIENT_PREVIEWS,
        "listing": LISTING,
        "home": HOME,
    }
