"""`reclassify` for notebooks: a frame of hits in, a frame of visits of the same kind out."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darksocial import classification, enrichment, frame_hints, frame_kinds, plots, seeding
from darksocial.days import Span
from darksocial.errors import InputError
from darksocial.estimator import counts, parts, scores, stored
from darksocial.estimator.fit import Fit, fit
from darksocial.estimator.result import Estimate as Estimate
from darksocial.estimator.seeded import Seeded, with_seeds
from darksocial.explanation import Explanation, explain
from darksocial.model import ANSWERS, FETCH_SITES, KINDS, METHODS, NAVIGATIONS, Site
from darksocial.reports.model import Range, Report, run
from darksocial.rules import urls
from darksocial.store import migrations
from darksocial.store.embedded import EmbeddedSession
from darksocial.store.sql import statement

SITE = "frame"
MOST_ROWS = 1 << 30
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

_DRAWN = ["day", "reported_channel", "channel", "evidence", "probability"]

# Column: the words it may hold ("" is always allowed), or None for free text.
_TEXTS: dict[str, tuple[str, ...] | None] = {
    "kind": KINDS,
    "url": None,
    "referrer": None,
    "user_agent": None,
    "visitor": None,
    "token": None,
    "parent": None,
    "method": METHODS,
    "navigation": NAVIGATIONS,
    "fetch_site": FETCH_SITES,
    "name": None,
    "answer": ANSWERS,
}
_FLAGS = ("returning", "url_seen")
_READ = ("ts", *_TEXTS, *_FLAGS, "value", *frame_hints.COLUMNS)

# Python 3.10 reads fewer forms by itself than the exports of other tools have.
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?"
    r" ?(?:Z|z|UTC|([+-])(\d\d):?(\d\d)?)?)?"
)
_ADDRESS = r"^(?i:https?://[^/?#\\]|/)"
LATEST = 4_102_444_800_000  # the year 2100: what is later was given in another unit


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
        days: dict[Any, list[float]] = {}
        for row in self._tables["visits"].select(_DRAWN).to_pylist():
            if row["reported_channel"] == "Direct" and row["channel"] != "internal":
                sums = days.setdefault(_as_day(row["day"]), [0.0, 0.0, 0.0])
                sums[0] += row["channel"] == "dark_social"
                sums[1] += (row["probability"] or 0.0) * (row["evidence"] == "model")
                sums[2] += 1
        return plots.by_day(sorted(days), [days[day] for day in sorted(days)], self.estimate, ax)

    def explain(self, visit: Any) -> Explanation:
        """Return why a visit has its channel.

        `visit` is a row of `visits` (whatever has `visit_id` as a key), its position from 0, or
        the text of its `visit_id`.
        """
        if isinstance(visit, int):
            found = self.visits["visit_id"]
            if not 0 <= visit < len(found):
                raise InputError(f"There is no visit {visit}: there are {len(found)} from 0.")
            visit = getattr(found, "iloc", found)[visit]  # pandas means its index otherwise
        elif not isinstance(visit, str):
            try:
                visit = visit["visit_id"]
            except (KeyError, IndexError, TypeError):
                raise InputError(
                    "explain takes a row of the visits, its position, or its visit_id, "
                    f"not {type(visit).__name__}."
                ) from None
        return self._explain(str(visit))

    def _explain(self, visit: str) -> Explanation:
        table = self._tables["visits"]
        rows = table.filter(pc.equal(table["id"].cast(pa.string()), visit)).to_pylist()
        if not rows:
            raise InputError(f"There is no visit {visit!r} among these.")
        return explain(rows[0])


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
    clean, reasons = _clean(frame_kinds.columns(hits, _READ))
    planted, odd_seeds = seeding.from_frame(seeded) if seeded is not None else ([], [])
    with EmbeddedSession() as session:
        fitted = _classify(session, clean, _Told(tokens_deployed, seed, planted))
        acts = session.query(statement("frames/acts"))
        session.execute("DROP TABLE hits")  # the largest; reports ask for its acts alone
        found = session.query(statement("frames/visits"))
        kept = {name: session.query(f"SELECT * FROM {name}") for name in KEPT}
        kept["hits"] = acts
    visits = kind.pick(hits, clean["position"].take(found["row"]), found.select(ADDED))
    odd = pc.is_valid(reasons)
    places = pa.chunked_array([pa.array(range(len(reasons)), pa.uint32())]).filter(odd)
    refused = kind.pick(hits, places, pa.table({"reason": reasons.filter(odd)}))
    return Result(visits, refused, fitted.estimate, kept, tuple(odd_seeds))


def _none_added(names: list[Any]) -> None:
    if taken := [name for name in names if name in ADDED]:
        raise InputError(
            f"The frame of hits has {' and '.join(taken)}, which reclassify adds: rename them."
        )


def _as_day(value: Any) -> date:
    """Return a day that an engine gave as a date or as days since 1970."""
    return value if isinstance(value, date) else date(1970, 1, 1) + timedelta(days=int(value))


def _classify(session: EmbeddedSession, clean: pa.Table, told: _Told) -> Fit:
    for name in TABLES:
        migrations.temporary(session, name)
    _insert_frame(session, clean)
    session.execute(statement("frames/raw"), site=SITE)
    session.execute("DROP TABLE frame")
    hosts = set(map(urls.host_of, pc.unique(clean["url"]).to_pylist())) - {""}
    sites = {SITE: Site(SITE, "", tuple(sorted(hosts)))}
    enrichment.enrich(session, sites, lambda site, token: ("valid", ""), silent="")
    session.execute(f"INSERT INTO hits ({enrichment.HIT_COLUMNS})\n{statement('enrich/hits')}")
    enrichment.finish(session)
    session.execute(statement("frames/shares"))
    session.execute(statement("frames/previews"))
    seconds = pc.min_max(clean["ts"]).as_py()
    begin = datetime.fromtimestamp(seconds["min"] // 1000, timezone.utc)
    end = datetime.fromtimestamp(seconds["max"] // 1000, timezone.utc) + timedelta(seconds=1)
    span = Span(begin, end)
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


def _insert_frame(session: EmbeddedSession, clean: pa.Table) -> None:
    columns = ["row UInt32", "ts Int64", "value Float64", "hints String"]
    columns += [f"{name} String" for name in (*_TEXTS, *_FLAGS)]
    session.execute(f"CREATE TEMPORARY TABLE frame ({', '.join(columns)}) ENGINE = Memory")
    rows = clean.drop_columns(["position"])
    for start in range(0, rows.num_rows, SLICE):
        session.insert("frame", rows.slice(start, SLICE))
    enrichment.begin(session)


def _clean(table: pa.Table) -> tuple[pa.Table, pa.ChunkedArray]:
    """Return the usable rows in the order of time, and for every row its reason for refusal.

    The usable rows have the columns of the scratch table `frame`, and `position`: their place
    in the frame that came in.
    """
    for name in ("ts", "url"):
        if name not in table.column_names:
            raise InputError(
                f"The frame of hits has no column {name!r}: it needs at least ts (UTC) and url."
            )
    if table.num_rows >= MOST_ROWS:
        raise InputError(f"The frame has {table.num_rows:,} rows: {MOST_ROWS - 1:,} is the most.")
    columns = {name: _text(table, name) for name in _TEXTS}
    columns["kind"] = pc.if_else(pc.equal(columns["kind"], ""), "pageview", columns["kind"])
    columns |= {name: _flag(table, name) for name in _FLAGS}
    columns["ts"] = _milliseconds(table["ts"])
    columns["value"] = _number(table)
    sent = {name: _text(table, name) for name in frame_hints.COLUMNS if name in table.column_names}
    columns["hints"] = frame_hints.condensed(columns["user_agent"], sent)
    reasons = _reasons(columns, _too_late(table["ts"]))
    columns["position"] = pa.array(range(table.num_rows), pa.uint32())
    usable = pa.table(columns)
    if reasons.null_count < len(reasons):
        usable = usable.filter(pc.is_null(reasons))
    if not usable.num_rows:
        first = pc.drop_null(reasons)[0].as_py() if table.num_rows else "it has no rows"
        raise InputError(f"No row of the frame of hits can be used: {first}.")
    if not _in_order(usable["ts"]):  # else all texts would be copied for nothing
        usable = usable.sort_by([("ts", "ascending"), ("position", "ascending")])
    row = pa.array(range(usable.num_rows), pa.uint32())
    return usable.append_column("row", row), reasons


def _in_order(times: pa.ChunkedArray) -> bool:
    """Return whether no time lies before the one in front of it."""
    moments = times.combine_chunks()
    return pc.all(pc.less_equal(moments[:-1], moments[1:])).as_py() is not False


def _reasons(columns: dict[str, pa.ChunkedArray], too_late: Any) -> pa.ChunkedArray:
    """Return why each row is refused, or null; in a column, null stands for what is no such."""
    late = "ts lies after the year 2100: give seconds since 1970, not milliseconds"
    reasons = pc.if_else(too_late, late, pa.scalar(None, pa.string()))
    reasons = _refuse(reasons, pc.is_null(columns["ts"]), "ts is no time")
    for name in _TEXTS:
        reasons = _refuse(reasons, pc.is_null(columns[name]), f"{name} is no text in UTF-8")
    for name in _FLAGS:
        reasons = _refuse(reasons, pc.is_null(columns[name]), f"{name} is neither true nor false")
    reasons = _refuse(reasons, pc.is_null(columns["value"]), "value is no number")
    reasons = _refuse(reasons, pc.equal(columns["url"], ""), "url is empty")
    odd = pc.invert(pc.match_substring_regex(columns["url"], _ADDRESS))
    reasons = _refuse(reasons, odd, "url is no address: it begins with http://, https:// or /")
    for name, words in _TEXTS.items():
        if words:
            odd = pc.invert(pc.is_in(columns[name], pa.array(["", *words])))
            reasons = _refuse(reasons, odd, f"{name} is none of {', '.join(words)}")
    return reasons


def _refuse(reasons: Any, where: Any, reason: str) -> Any:
    where = pc.and_(pc.is_null(reasons), pc.fill_null(where, False))
    return pc.if_else(where, reason, reasons)


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column that may be missing as texts; null where bytes are none."""
    if name not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(""), table.num_rows)])
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        if _is_bytes(column.type):
            return pa.chunked_array([pa.array(map(_decoded, column.to_pylist()), pa.string())])
        return pc.fill_null(column.cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"The column {name!r} of the hits holds no texts: {error}.") from error


def _decoded(data: bytes | None) -> str | None:
    try:
        return (data or b"").decode()
    except UnicodeDecodeError:
        return None


def _flag(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return "1", "0" or "" for a boolean column that may be missing; null for other words."""
    lower = pc.utf8_lower(_text(table, name))
    true = pc.is_in(lower, pa.array(["1", "true", "1.0", "yes"]))
    false = pc.is_in(lower, pa.array(["0", "false", "0.0", "no"]))
    known = pc.if_else(pc.equal(lower, ""), "", pa.scalar(None, pa.string()))
    return pc.if_else(true, "1", pc.if_else(false, "0", known))


def _number(table: pa.Table) -> pa.ChunkedArray:
    """Return the amounts, 0 where there is none; null for a text that is no number."""
    if "value" not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(0.0), table.num_rows)])
    column = table["value"]
    try:
        if pa.types.is_dictionary(column.type) or _is_text(column.type):
            texts = _text(table, "value").to_pylist()
            return pa.chunked_array([pa.array(map(_parse_number, texts), pa.float64())])
        return pc.fill_null(column.cast(pa.float64()), 0.0)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"The column 'value' of the hits holds no numbers: {error}.") from error


def _parse_number(text: str | None) -> float | None:
    try:
        number = float(text or 0)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _too_late(column: pa.ChunkedArray) -> Any:
    """Return where a number of seconds leads to times that nobody has seen."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return pa.chunked_array([pa.repeat(pa.scalar(False), len(column))])
    seconds = column.cast(pa.float64(), safe=False)
    late = pc.and_(pc.is_finite(seconds), pc.greater_equal(seconds, LATEST / 1000))
    return pc.fill_null(late, False)


def _milliseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as milliseconds since 1970; null where there is none to use."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type):
        texts = column.cast(pa.string()).to_pylist()
        column = pa.chunked_array([pa.array(map(_parse_time, texts), pa.int64())])
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64())
    elif pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("ms")).cast(pa.int64())
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        column = pc.multiply(column.cast(pa.float64(), safe=False), 1000.0)
        column = pc.if_else(pc.is_finite(column), column, None).cast(pa.int64(), safe=False)
    elif pa.types.is_null(column.type):
        column = column.cast(pa.int64())
    else:
        raise InputError(f"The column 'ts' of the hits holds no times but {column.type}.")
    usable = pc.and_(pc.greater(column, 0), pc.less(column, LATEST))
    return pc.if_else(usable, column, pa.scalar(None, pa.int64()))


def _is_bytes(kind: pa.DataType) -> bool:
    return any(
        (pa.types.is_binary(kind), pa.types.is_large_binary(kind), pa.types.is_binary_view(kind))
    )


def _is_text(kind: pa.DataType) -> bool:
    return any(
        (pa.types.is_string(kind), pa.types.is_large_string(kind), pa.types.is_string_view(kind))
    )


def _parse_time(text: str | None) -> int | None:
    """Return the milliseconds of an ISO 8601 text; without an offset it is UTC."""
    match = _ISO.fullmatch((text or "").strip())
    if not match:
        return None
    day, clock, fraction, sign, hours, minutes = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    offset = int(f"{sign or ''}1") * (int(hours or 0) * 3600 + int(minutes or 0) * 60)
    return (int(moment.timestamp()) - offset) * 1000 + int((fraction or "").ljust(3, "0")[:3])
