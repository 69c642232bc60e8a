"""`reclassify` for notebooks: a frame of hits in, a frame of visits of the same kind out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darksocial import classification, enrichment, frame_kinds, frame_rows, plots, seeding
from darksocial.days import Span
from darksocial.errors import InputError
from darksocial.estimator import counts, parts, scores, stored
from darksocial.estimator.fit import Fit, fit
from darksocial.estimator.result import Estimate as Estimate
from darksocial.estimator.seeded import Seeded, with_seeds
from darksocial.explanation import Explanation, explain
from darksocial.model import Site
from darksocial.reports.model import Range, Report, run
from darksocial.rules import urls
from darksocial.store import migrations
from darksocial.store.embedded import EmbeddedSession
from darksocial.store.sql import statement

SITE = "frame"
SLICE = 1 << 17  # rows handed to the engine at once: each is copied some times on its way
ADDED = (
    "pages",
    "seconds",
    "reported_channel",
    "channel",
    "application",
    "application_kind",
    "evidence",
    "probability",
    "reason",
    "visit_id",
)
TABLES = (
    *("hits", "shares", "previews", "links", "visits", "days", "refusals", "fits"),
    *("daily_kept", "trees_kept"),
)
# What else reports read; a frame has nothing of it.
BESIDE = ("public_figures", "campaigns", "visit_segments")
KEPT = ("visits", "days", "shares", "previews", "fits")

_DRAWN = ["day", "reported_channel", "channel"]


@dataclass(frozen=True)
class Result:
    """What `reclassify` found.

    `visits` has one row an arrival: the columns of its first hit, and those of `ADDED`.
    `refused` has the rows that could not be used, with `reason`. Both are frames of the kind
    that came in. `refused_seeded` has the rows of seeded shares that could not be used: their
    place, from 0, and one sentence.
    """

    visits: Any
    refused: Any
    estimate: Estimate
    _tables: dict[str, pa.Table] = field(repr=False, default_factory=dict)
    refused_seeded: tuple[tuple[int, str], ...] = ()

    def report(self, name: str = "overview", **options: str) -> Report:
        """Return a report on these visits, as `darksocial report` gives it for a site, with its
        options (`by="device"`)."""
        with EmbeddedSession() as session:
            for table in (*TABLES, *BESIDE):
                migrations.temporary(session, table)
                if table in self._tables:
                    session.insert(table, self._tables[table])
            return run(session, name, Site(SITE, "", ()), Range(), **options)

    def plot(self, ax: Any = None) -> Any:
        """Draw what became of each day's direct visits, on matplotlib axes; return these."""
        days: dict[date, tuple[int, int]] = {}
        for row in self._tables["visits"].select(_DRAWN).to_pylist():
            if row["reported_channel"] == "Direct" and row["channel"] != "internal":
                day = _as_day(row["day"])
                certain, whole = days.get(day, (0, 0))
                days[day] = certain + (row["channel"] == "dark_social"), whole + 1
        return plots.by_day(days, self.estimate, ax)

    def explain(self, visit: Any) -> Explanation:
        """Return why a visit has its channel.

        `visit` is a row of `visits` (whatever has `visit_id` as a key, also a frame of one row),
        its position from 0, or the text of its `visit_id`.
        """
        if isinstance(visit, (int, np.integer)):
            place, found = int(visit), self.visits["visit_id"]
            if not 0 <= place < len(found):
                raise InputError(f"There is no visit {place}: there are {len(found)} from 0.")
            visit = getattr(found, "iloc", found)[place]  # pandas means its index otherwise
        elif not isinstance(visit, str):
            visit = _id_of(visit)
        return self._explain(str(visit))

    def _explain(self, visit: str) -> Explanation:
        table = self._tables["visits"]
        rows = table.filter(pc.equal(table["id"].cast(pa.string()), visit)).to_pylist()
        if not rows:
            raise InputError(f"There is no visit {visit!r} among these.")
        return explain(rows[0])


def _id_of(row: Any) -> Any:
    """Return the id in a row of the visits, or in a frame of one row."""
    try:
        found = row["visit_id"]
    except (KeyError, IndexError, TypeError):
        raise InputError(
            "explain takes a row of the visits, its position, or its visit_id, "
            f"not {type(row).__name__}."
        ) from None
    if isinstance(found, (str, int)):
        return found
    if len(found) != 1:
        raise InputError(f"explain takes one visit, not {len(found)}: give it one of the rows.")
    return next(iter(found))


@dataclass(frozen=True, slots=True)
class _Told:
    """What is known beside the hits: whether the site had the snippet, and seeded shares."""

    deployed: bool | None
    seed: int
    planted: list[Seeded]


def reclassify(
    hits: Any, *, tokens_deployed: bool | None = None, seed: int = 0, seeded: Any = None
) -> Result:
    """Return where the visits in a frame of hits really came from.

    `hits` is a pandas or polars DataFrame or an Arrow table with one row a hit. Required: `ts`
    (UTC) and `url`; optional: `kind`, `referrer`, `user_agent`, `visitor`, `token`, `parent`,
    `navigation`, `fetch_site`, `returning`, `url_seen`, `method`, `value`, `answer`, and the client
    hints in `frame_hints.COLUMNS`. Tokens are
    opaque: another tool's serve as well. Other columns are carried through, and so is the index
    of a pandas frame; only those of `ADDED` must not be there. A `url` begins with http:// or
    https://, or is a path with its leading slash. Rows without `visitor` are visits of their own.
    `tokens_deployed` says whether the site carried the snippet at all (`None`: where tokens or
    shares are seen), and `seed` how the estimator splits its data. `seeded` is a frame of links
    that the owner planted, with the columns of `seeding.COLUMNS` (docs/estimator.md).
    Raises `InputError` where a required column is missing or no row can be used.
    """
    kind = frame_kinds.kind_of(hits)
    _none_added(kind.names(hits))
    clean, reasons = frame_rows.clean(frame_kinds.columns(hits, frame_rows.READ))
    planted, odd_seeds = seeding.from_frame(seeded) if seeded is not None else ([], [])
    position = clean["position"]
    with EmbeddedSession() as session:
        hosts, span = _raw_hits(session, clean)
        del clean  # half as large as the frame, and the engine has it now
        fitted = _classify(session, hosts, span, _Told(tokens_deployed, seed, planted))
        acts = session.query(statement("frames/acts"))
        session.execute("DROP TABLE hits")  # the largest; reports ask for its acts alone
        found = session.query(statement("frames/visits"))
        rows = position.take(found["row"])
        with ThreadPoolExecutor(1) as beside:  # the engine leaves the frame a processor
            picked = beside.submit(kind.pick, hits, rows, found.select(ADDED))
            kept = {name: session.query(f"SELECT * FROM {name}") for name in KEPT}
        kept["hits"] = acts
    visits = picked.result()
    odd = pc.is_valid(reasons)
    refused = kind.pick(hits, pc.indices_nonzero(odd), pa.table({"reason": reasons.filter(odd)}))
    return Result(visits, refused, fitted.estimate, kept, tuple(odd_seeds))


def _none_added(names: list[Any]) -> None:
    if taken := [name for name in names if name in ADDED]:
        raise InputError(
            f"The frame of hits has {' and '.join(taken)}, which reclassify adds: rename them."
        )


def _as_day(value: Any) -> date:
    """Return a day that an engine gave as a date or as days since 1970."""
    return value if isinstance(value, date) else date(1970, 1, 1) + timedelta(days=int(value))


def _raw_hits(session: EmbeddedSession, clean: pa.Table) -> tuple[tuple[str, ...], Span]:
    """Have usable rows in the engine as raw hits; return their hosts and from when to when."""
    for name in TABLES:
        migrations.temporary(session, name)
    columns = ["row UInt32", "ts Int64", "value Float64", "hints String"]
    columns += [f"{name} String" for name in (*frame_rows.TEXTS, *frame_rows.FLAGS)]
    session.execute(f"CREATE TEMPORARY TABLE frame ({', '.join(columns)}) ENGINE = Memory")
    rows = clean.drop_columns(["position"])
    for start in range(0, rows.num_rows, SLICE):
        session.insert("frame", rows.slice(start, SLICE))
    enrichment.begin(session)
    session.execute(statement("frames/raw"), site=SITE)
    session.execute("DROP TABLE frame")
    hosts = set(map(urls.host_of, pc.unique(clean["url"]).to_pylist())) - {""}
    seconds = pc.min_max(clean["ts"]).as_py()
    begin = datetime.fromtimestamp(seconds["min"] // 1000, timezone.utc)
    end = datetime.fromtimestamp(seconds["max"] // 1000, timezone.utc) + timedelta(seconds=1)
    return tuple(sorted(hosts)), Span(begin, end)


def _classify(session: EmbeddedSession, hosts: tuple[str, ...], span: Span, told: _Told) -> Fit:
    """Turn the raw hits of some hosts, from a span, into visits, and fit these."""
    sites = {SITE: Site(SITE, "", hosts)}
    enrichment.enrich(session, sites, lambda site, token: ("valid", ""), silent="")
    session.execute(f"INSERT INTO hits ({enrichment.HIT_COLUMNS})\n{statement('enrich/hits')}")
    enrichment.finish(session)
    session.execute(statement("frames/shares"))
    session.execute(statement("frames/previews"))
    session.execute("CREATE TEMPORARY TABLE unscored ENGINE = Memory AS SELECT * FROM visits")
    classification.classify(session, SITE, classification.Cut(span), "unscored", "UTC")
    classification.drop_steps(session)
    sample = counts.Sample("unscored", SITE, span.begin, span.end, "UTC", told.seed)
    fitted = _estimate(session, sample, told)
    session.execute("DROP TABLE unscored")
    session.execute(statement("frames/days"), site=SITE)
    return fitted


def _estimate(session: EmbeddedSession, sample: counts.Sample, told: _Told) -> Fit:
    """Fit the visits left to the model, and move all visits on with the scores of these."""
    fitted = fit(with_seeds(counts.gather(session, sample), told.planted), told.deployed)
    parts.keep_classes(session)
    if fitted.weights:
        scores.score(session, fitted.weights)
        scores.apply(session, sample.visits, "visits")
    else:
        session.execute(f"INSERT INTO visits SELECT * FROM {sample.visits}")
    counts.drop(session)
    days = sample.begin.date(), sample.end.date()
    stored.save(session, SITE, fitted, *days)
    lumps = fitted.counts.extent.lumps
    return replace(fitted, estimate=parts.divided(session, SITE, days, fitted.estimate, lumps))
