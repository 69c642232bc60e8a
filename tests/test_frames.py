"""`ds.reclassify`: frames of three kinds in, visits of the same kind out, whatever they hold."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import darksocial as ds
from darksocial.errors import InputError
from darksocial.frames import ADDED, _flag, _milliseconds
from darksocial.store import Store

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/22F76 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_5; en_US; en; scale=3.00)"
)
TELEGRAM = "TelegramBot (like TwitterBot)"
NOON = datetime(2024, 10, 22, 12, tzinfo=timezone.utc)
PAGE = "https://a.example/story"

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


def hit(minute: float = 0, visitor: str = "ann", url: str = PAGE, **fields: Any) -> dict[str, Any]:
    """Return one row: an ordinary view of a page, some minutes after noon."""
    ts = NOON + timedelta(minutes=minute)
    return {"ts": ts, "visitor": visitor, "url": url, "user_agent": FIREFOX, **fields}


def visits(rows: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    found = ds.reclassify(pa.Table.from_pylist(columns_of(rows)), **options).visits
    return found.to_pylist()


def columns_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every row the columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [{name: row.get(name) for name in names} for row in rows]


# What a visit's own hit says, and what follows from it.
EVIDENCE = [
    ("token", {"token": "from-elsewhere"}, ("dark_social", "", 1.0)),
    ("token", {"url": PAGE + "?ds=fromelsewhere"}, ("dark_social", "", 1.0)),
    ("referrer", {"referrer": "https://web.whatsapp.com/"}, ("dark_social", "WhatsApp", 1.0)),
    ("referrer", {"referrer": "https://www.google.com/"}, ("search", "Google", 0.0)),
    ("referrer", {"referrer": "https://other.example/x"}, ("referral", "", 0.0)),
    ("campaign", {"url": PAGE + "?utm_source=x&utm_medium=cpc"}, ("campaign", "", 0.0)),
    ("in_app", {"user_agent": INSTAGRAM}, ("social", "Instagram", 0.0)),
    ("click_id", {"url": PAGE + "?gclid=EAIaIQobChMI8fake"}, ("campaign", "", 0.0)),
    (
        "android_app",
        {"referrer": "android-app://org.telegram.messenger/"},
        ("dark_social", "Telegram", 1.0),
    ),
    ("model", {}, ("direct", "", None)),
    ("model", {"user_agent": None}, ("direct", "", None)),
]


@pytest.fixture(scope="module")
def by_evidence(embedded_store: Store) -> list[dict[str, Any]]:
    """One visit for each row of the table above."""
    return visits([hit(n, f"v{n}", **{"url": PAGE, **row[1]}) for n, row in enumerate(EVIDENCE)])


@pytest.mark.parametrize("place", range(len(EVIDENCE)))
def test_each_kind_of_evidence(by_evidence: list[dict[str, Any]], place: int) -> None:
    evidence, _, expected = EVIDENCE[place]
    visit = by_evidence[place]
    assert visit["evidence"] == evidence
    assert (visit["channel"], visit["application"], visit["probability"]) == expected
    assert visit["reason"].startswith(evidence)


def test_a_sharer_who_opens_the_own_link_is_no_dark_social() -> None:
    rows = [
        hit(0),
        hit(1, kind="share", token="t1", method="copy"),
        hit(60, token="t1"),
        hit(61, "bob", token="t1"),
    ]
    found = [(row["visitor"], row["evidence"], row["channel"]) for row in visits(rows)]
    assert found == [
        ("ann", "model", "direct"),
        ("ann", "own_share", "direct"),
        ("bob", "token", "dark_social"),
    ]


def test_hits_of_one_visitor_are_one_visit_until_thirty_quiet_minutes() -> None:
    rows = [
        hit(0),
        hit(10, url="https://a.example/b", referrer=PAGE),
        hit(20, url="https://a.example/c", referrer=PAGE),
        hit(90, url="https://a.example/d"),
        hit(5, "bob"),
    ]
    found = [(row["visitor"], row["pages"], row["seconds"]) for row in visits(rows)]
    assert found == [("ann", 3, 1200), ("bob", 1, 0), ("ann", 1, 0)]


def test_previews_and_bots_are_no_visits() -> None:
    rows = [hit(0), hit(1, "", user_agent=TELEGRAM), hit(2, "", user_agent="curl/8.5.0")]
    assert [row["visitor"] for row in visits(rows)] == ["ann"]


def test_a_visit_keeps_its_hit_s_columns_and_gains_those_that_are_promised() -> None:
    result = ds.reclassify(pa.Table.from_pylist([hit(order=7)]))
    assert result.visits.column_names == ["ts", "visitor", "url", "user_agent", "order", *ADDED]


Make = Callable[[list[dict[str, Any]]], Any]
KINDS: dict[str, tuple[Make, type, Callable[[Any], list[dict[str, Any]]]]] = {
    "pandas": (pd.DataFrame, pd.DataFrame, lambda frame: frame.to_dict("records")),
    "polars": (pl.DataFrame, pl.DataFrame, lambda frame: frame.to_dicts()),
    "arrow": (pa.Table.from_pylist, pa.Table, lambda frame: frame.to_pylist()),
}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_frame_of_one_kind_gives_frames_of_the_same(kind: str) -> None:
    make, expected, as_rows = KINDS[kind]
    rows = columns_of([hit(0), hit(1, "bob", token="t1"), hit(2, "cyd", url="")])
    result = ds.reclassify(make(rows))
    assert isinstance(result.visits, expected)
    assert isinstance(result.refused, expected)
    assert [(row["visitor"], row["evidence"]) for row in as_rows(result.visits)] == [
        ("ann", "model"),
        ("bob", "token"),
    ]
    assert [(row["visitor"], row["reason"]) for row in as_rows(result.refused)] == [
        ("cyd", "url is empty")
    ]


def test_the_frame_that_came_in_is_not_changed(kind: str) -> None:
    make, _, as_rows = KINDS[kind]
    frame = make([hit(0), hit(1, "bob")])
    before = as_rows(frame)
    ds.reclassify(frame)
    assert as_rows(frame) == before


PLAIN = NOON.replace(tzinfo=None)
SECONDS = int(NOON.timestamp())
TIMES = {
    **{f"naive {unit}": pa.array([PLAIN], pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")},
    **{
        f"aware {unit}": pa.array([NOON], pa.timestamp(unit, "UTC"))
        for unit in ("s", "ms", "us", "ns")
    },
    "Berlin": pa.array([NOON], pa.timestamp("us", "Europe/Berlin")),
    "ISO, Z": pa.array(["2024-10-22T12:00:00Z"]),
    "ISO, milliseconds and Z": pa.array(["2024-10-22T12:00:00.000Z"]),
    "ISO, hundredths and Z": pa.array(["2024-10-22T12:00:00.00Z"]),
    "ISO, nanoseconds and Z": pa.array(["2024-10-22T12:00:00.000000000Z"]),
    "ISO, offset": pa.array(["2024-10-22T14:00:00+02:00"]),
    "ISO, short offset": pa.array(["2024-10-22T14:00:00+0200"]),
    "ISO, blank": pa.array(["2024-10-22 12:00:00"]),
    "ISO, blanks around": pa.array([" 2024-10-22 12:00:00 "]),
    "ISO, large": pa.array(["2024-10-22T12:00:00"], pa.large_string()),
    "ISO, view": pa.array(["2024-10-22T12:00:00"], pa.string_view()),
    "ISO, dictionary": pa.array(["2024-10-22T12:00:00"]).dictionary_encode(),
    "epoch": pa.array([SECONDS]),
    "epoch, uint32": pa.array([SECONDS], pa.uint32()),
    "epoch, float": pa.array([float(SECONDS)]),
}


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES.keys())
def test_times_of_every_make_are_the_same_moment(times: pa.Array) -> None:
    table = pa.table({"ts": times})
    assert _milliseconds(table["ts"]).to_pylist() == [SECONDS * 1000]


def test_times_of_every_make_come_back_as_they_were() -> None:
    for name in ("naive ns", "Berlin", "ISO, view", "ISO, dictionary", "epoch"):
        table = pa.table({"ts": TIMES[name], "url": [PAGE]})
        assert ds.reclassify(table).visits["ts"].to_pylist() == table["ts"].to_pylist(), name


def test_fractions_of_a_second_are_kept_to_the_millisecond() -> None:
    texts = ["2024-10-22T12:00:00.5Z", "2024-10-22T12:00:00.123456789", "2024-10-22 12:00"]
    found = _milliseconds(pa.chunked_array([pa.array(texts)])).to_pylist()
    assert [number - SECONDS * 1000 for number in found] == [500, 123, 0]
    epoch = _milliseconds(pa.chunked_array([pa.array([SECONDS + 0.25])]))
    assert epoch.to_pylist() == [SECONDS * 1000 + 250]


BAD_TIMES = {
    "text": pa.array(["2024-10-22T12:00:00Z", "yesterday", "", None, "2024-13-01"]),
    "timestamp": pa.array([NOON, None, None, None, None], pa.timestamp("us", "UTC")),
    "before 1970": pa.array([SECONDS, -1, 0, None, -(2**62)]),
    "float": pa.array([SECONDS + 0.5, float("nan"), float("inf"), -float("inf"), 1e30]),
    "milliseconds": pa.array([SECONDS, SECONDS * 1000, 2**62, 2**63 - 1, None]),
}


@pytest.mark.parametrize("times", BAD_TIMES.values(), ids=BAD_TIMES.keys())
def test_a_row_without_usable_time_is_refused_and_the_others_kept(times: pa.Array) -> None:
    table = pa.table({"ts": times, "url": [f"{PAGE}/{n}" for n in range(5)]})
    result = ds.reclassify(table)
    assert result.visits["url"].to_pylist() == [f"{PAGE}/0"]
    assert result.refused["url"].to_pylist() == [f"{PAGE}/{n}" for n in range(1, 5)]
    reasons = result.refused["reason"].to_pylist()
    assert {reason.partition(":")[0] for reason in reasons} <= {
        "ts is no time",
        "ts lies after the year 2100",
    }


BAD_ROWS = [
    ({"url": ""}, "url is empty"),
    ({"url": None}, "url is empty"),
    ({"url": "nope"}, "url is no address"),
    ({"url": "javascript:x"}, "url is no address"),
    ({"url": "5"}, "url is no address"),
    ({"url": "https://"}, "url is no address"),
    ({"value": "x"}, "value is no number"),
    ({"value": "nan"}, "value is no number"),
    ({"returning": "maybe"}, "returning is neither true nor false"),
    ({"kind": "view"}, "kind is none of pageview, share"),
    ({"method": "shout"}, "method is none of copy"),
    ({"navigation": "typed"}, "navigation is none of navigate"),
    ({"fetch_site": "foreign"}, "fetch_site is none of none"),
    ({"answer": "perhaps"}, "answer is none of shared"),
]


def test_bad_rows_are_refused_with_their_reasons_and_the_others_kept() -> None:
    bad = [hit(n + 1, f"v{n}", **{"url": PAGE, **row[0]}) for n, row in enumerate(BAD_ROWS)]
    good = hit(0, value="1.5", returning="yes")
    result = ds.reclassify(pa.Table.from_pylist(columns_of([good, *bad])))
    assert [row["visitor"] for row in result.visits.to_pylist()] == ["ann"]
    refused = result.refused.to_pylist()
    assert [row["visitor"] for row in refused] == [row["visitor"] for row in bad]
    for row, (_, reason) in zip(refused, BAD_ROWS, strict=True):
        assert row["reason"].startswith(reason)


def test_bytes_that_are_no_text_cost_no_other_row() -> None:
    urls = pa.array([PAGE.encode(), b"https://a.example/\xff", None, b"/path"], pa.binary())
    table = pa.table({"ts": [SECONDS + n for n in range(4)], "url": urls, "visitor": list("abcd")})
    result = ds.reclassify(table)
    assert result.visits["visitor"].to_pylist() == ["a", "d"]
    assert result.refused.select(["visitor", "reason"]).to_pylist() == [
        {"visitor": "b", "reason": "url is no text in UTF-8"},
        {"visitor": "c", "reason": "url is empty"},
    ]


NOTHING = [
    (pd.DataFrame(), "'ts'"),
    (pd.DataFrame({"ts": [SECONDS]}), "'url'"),
    (pd.DataFrame({"url": [PAGE]}), "'ts'"),
    (pd.DataFrame({"ts": pd.to_datetime([]), "url": []}), "no rows"),
    (pa.table({"ts": pa.array([], pa.int64()), "url": pa.array([], pa.string())}), "no rows"),
    (pl.DataFrame({"ts": [], "url": []}), "no rows"),
    (pa.table({"ts": pa.nulls(2), "url": [PAGE, PAGE]}), "ts is no time"),
    (pd.DataFrame({"ts": [True], "url": [PAGE]}), "holds no times but bool"),
    (pa.table({"ts": [SECONDS], "url": [[PAGE]]}), "'url' of the hits holds no texts"),
    (pa.table({"ts": [SECONDS], "url": [b"\xff"]}), "url is no text in UTF-8"),
    (pa.table({"ts": [SECONDS], "url": [PAGE], "value": ["dear"]}), "value is no number"),
    (pa.table({"ts": [SECONDS], "url": [PAGE], "value": [[1]]}), "'value' of the hits"),
    (pa.table({"ts": [SECONDS * 1000], "url": [PAGE]}), "give seconds since 1970"),
    (pd.DataFrame([hit(channel="mine")]), "has channel, which reclassify adds: rename"),
    (pl.DataFrame([hit(pages=1, reason="x")]), "has pages and reason, which"),
    (pa.Table.from_pylist([hit(probability=1.0)]), "has probability, which"),
    (pd.DataFrame([[SECONDS, PAGE, PAGE]], columns=["ts", "url", "url"]), "'url' twice"),
    (pa.table([[SECONDS], [PAGE], [PAGE]], names=["ts", "url", "url"]), "'url' twice"),
    ([hit()], "list"),
    (None, "NoneType"),
]


@pytest.mark.parametrize(("frame", "part"), NOTHING)
def test_a_frame_that_cannot_be_used_is_refused_in_one_sentence(frame: Any, part: str) -> None:
    with pytest.raises(InputError) as caught:
        ds.reclassify(frame)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_index_is_kept() -> None:
    rows = [hit(1, "bob"), hit(0, "ann"), hit(2, "cyd"), hit(3, "dan", url="")]
    result = ds.reclassify(pd.DataFrame(rows, index=[7, 8, 9, 10]))
    assert dict(result.visits["visitor"]) == {8: "ann", 7: "bob", 9: "cyd"}
    assert list(result.visits.index) == [8, 7, 9]
    assert list(result.refused.index) == [10]
    same = pd.DataFrame(rows[:3], index=pd.Index([7, 7, 7], name="day"))
    found = ds.reclassify(same).visits
    assert list(found["visitor"]) == ["ann", "bob", "cyd"]
    assert found.index.equals(same.index)
    assert found.index.name == "day"


def test_a_time_in_the_index_is_missed_and_said_so() -> None:
    frame = pd.DataFrame([hit()]).set_index("ts")
    with pytest.raises(InputError, match=r"no column 'ts'"):
        ds.reclassify(frame)


def test_texts_of_every_make_are_read() -> None:
    frame = pd.DataFrame(
        {
            "ts": pd.to_datetime([NOON, NOON, NOON, NOON]),
            "url": pd.Categorical([PAGE] * 4),
            "referrer": ["https://web.whatsapp.com/", None, np.nan, pd.NA],
            "visitor": pd.array(["ann", "bob", None, "dan"], dtype="string"),
            "user_agent": pd.Categorical([FIREFOX, None, FIREFOX, FIREFOX]),
            "value": [1.5, np.nan, None, 0],
        }
    )
    found = ds.reclassify(frame).visits
    assert list(found["evidence"]) == ["referrer", "model", "model", "model"]
    assert list(found["referrer"].isna()) == [False, True, True, True]
    large = pa.table(
        {
            "ts": [SECONDS],
            "url": pa.array([PAGE], pa.large_string()),
            "referrer": pa.array(["https://web.whatsapp.com/"]).dictionary_encode(),
            "visitor": pa.array([12345], pa.int64()),
            "token": pa.array([b"abc"], pa.binary()),
        }
    )
    assert ds.reclassify(large).visits["evidence"].to_pylist() == ["token"]


def test_missing_times_in_pandas_are_refused_one_by_one() -> None:
    frame = pd.DataFrame({"ts": [pd.Timestamp(NOON), pd.NaT, None], "url": PAGE})
    result = ds.reclassify(frame)
    assert len(result.visits) == 1
    assert list(result.refused["reason"]) == ["ts is no time"] * 2


def test_rows_without_a_visitor_are_visits_of_their_own() -> None:
    table = pa.table({"ts": [SECONDS, SECONDS + 1, SECONDS + 2], "url": [PAGE] * 3})
    assert ds.reclassify(table).visits.num_rows == 3


def test_one_row_is_enough() -> None:
    result = ds.reclassify(pa.table({"ts": [SECONDS], "url": ["/only/a/path"]}))
    assert result.visits["channel"].to_pylist() == ["direct"]


def test_unknown_columns_are_carried_through_whatever_they_hold() -> None:
    extra = {
        "tags": pa.array([["a", "b"], None]),
        "user": pa.array([{"id": 1, "plan": "free"}, {"id": 2, "plan": None}]),
        "price": pa.array([1, None], pa.decimal128(9, 2)),
        "seen": pa.array([b"\xff\x00", None]),
        "group": pa.array(["x", "y"]).dictionary_encode(),
        "id": pa.array([2**63, 2**64 - 1], pa.uint64()),
        "row": [10, 20],
        "position": [30, 40],
    }
    # The second hit comes first, so every column has to follow the order of time.
    table = pa.table({"ts": [SECONDS + 60, SECONDS], "url": [PAGE, PAGE + "2"], **extra})
    found = ds.reclassify(table).visits
    expected = table.take([1, 0])
    for name in table.column_names:
        assert found[name].combine_chunks() == expected[name].combine_chunks(), name
        assert found.schema.field(name).type == table.schema.field(name).type


def test_nested_columns_of_pandas_and_polars_are_carried_through() -> None:
    rows = [hit(0, tags=["a", "b"]), hit(1, "bob", tags=[])]
    assert [list(tags) for tags in ds.reclassify(pd.DataFrame(rows)).visits["tags"]] == [
        ["a", "b"],
        [],
    ]
    assert ds.reclassify(pl.DataFrame(rows)).visits["tags"].to_list() == [["a", "b"], []]


def test_sliced_and_chunked_tables_are_read_whole() -> None:
    rows = [hit(n, f"v{n}") for n in range(10)]
    table = pa.concat_tables([pa.Table.from_pylist(rows[:4]), pa.Table.from_pylist(rows[4:])])
    assert ds.reclassify(table.slice(2, 5)).visits["visitor"].to_pylist() == [
        f"v{n}" for n in range(2, 7)
    ]


def test_flags_may_be_booleans_numbers_or_texts() -> None:
    flags = {"yes": (True, 1, 1.0, "true", "1"), "no": (False, 0, 0.0, "FALSE", "0")}
    for word, values in flags.items():
        for value in values:
            table = pa.table({"returning": [value, None]})
            assert _flag(table, "returning").to_pylist() == ["1" if word == "yes" else "0", ""]


def test_twice_in_a_row_gives_the_same() -> None:
    rows = [hit(n % 7, f"v{n % 5}", token="t" if n % 3 else "") for n in range(40)]
    assert visits(rows) == visits(rows)


def test_two_threads_do_not_meet() -> None:
    frames = [[hit(n, f"{who}{n}") for n in range(30)] for who in ("a", "b", "c", "d")]
    expected = [visits(rows) for rows in frames]
    found: list[Any] = [None] * len(frames)

    def run(place: int) -> None:
        found[place] = visits(frames[place])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(frames))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_an_open_embedded_store_is_shared_and_left_alone(embedded_store: Store) -> None:
    with embedded_store.session() as session:
        before = session.query("SELECT name FROM system.tables ORDER BY name").to_pylist()
        assert [row["evidence"] for row in visits([hit(0), hit(1, "bob", token="t1")])] == [
            "model",
            "token",
        ]
        for table in ("hits", "visits", "shares", "days"):
            assert session.query(f"SELECT count() AS n FROM {table}")["n"][0].as_py() == 0
        after = session.query("SELECT name FROM system.tables ORDER BY name").to_pylist()
    assert after == before


def test_without_any_store_an_engine_is_there_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    """In a process of its own, since this one has an engine open."""
    script = (
        "import pyarrow as pa, darksocial as ds\n"
        "hits = pa.table({'ts': [1729598400], 'url': ['https://a.example/'], 'token': ['t']})\n"
        "print(ds.reclassify(hits).visits['evidence'].to_pylist())\n"
        "with ds.open_store('chdb://%s'):\n"
        "    print(ds.reclassify(hits).visits['evidence'].to_pylist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script % tmp_path], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("['token']\n['token']\n", "")


def test_columns_may_hold_what_arrow_has_no_type_for() -> None:
    marks = [object(), {1, 2}, "text"]
    rows = [hit(2, "cyd"), hit(0, "ann"), hit(1, "bob")]
    frame = pd.DataFrame(rows).assign(mark=marks, count=[3, 1, 2])
    found = ds.reclassify(frame).visits
    assert list(found["mark"]) == [marks[1], marks[2], marks[0]]
    assert list(found["count"]) == [1, 2, 3]
    assert found["count"].dtype == frame["count"].dtype
    assert found["ts"].dtype == frame["ts"].dtype


def test_a_column_of_several_types_is_named() -> None:
    frame = pd.DataFrame([hit(0), hit(1)]).assign(visitor=["ann", 7])
    with pytest.raises(InputError, match="'visitor' of the hits holds values of several types"):
        ds.reclassify(frame)


def test_the_overview_of_a_frame_adds_up() -> None:
    rows = [
        hit(0, "ann"),
        hit(1, "bob", token="t1"),
        hit(2, "cyd", referrer="https://web.whatsapp.com/"),
        hit(3, "dan", referrer="https://www.google.com/"),
        hit(4, "eve", user_agent=TELEGRAM),
        hit(5, "ann", kind="share", token="t1", method="copy"),
    ]
    report = ds.reclassify(pa.Table.from_pylist(columns_of(rows))).report("overview")
    summary = report.summary
    assert (summary["visits"], summary["reported_direct"], summary["dark_social"]) == (4, 2, 2)
    assert (summary["shares"], summary["previews"], summary["page_views"]) == (1, 1, 4)
    assert sum(row["visits"] for row in report.rows) == 4
    assert (str(report.first), str(report.last)) == ("2024-10-22", "2024-10-22")


@pytest.mark.parametrize("name", ["overview", "channels", "pages", "links"])
def test_every_report_can_be_asked_of_a_frame(name: str) -> None:
    result = ds.reclassify(pa.Table.from_pylist([hit(0)]))
    assert result.report(name).name == name
    assert result.report(name) == result.report(name)


def test_visits_that_only_the_model_could_explain_have_no_probability() -> None:
    result = ds.reclassify(pa.Table.from_pylist(columns_of([hit(0), hit(1, "bob", token="t")])))
    assert result.visits["probability"].to_pylist() == [None, 1.0]
    assert result.estimate.visits == 1
    assert (result.estimate.share, result.estimate.status) == (None, "not identified")
    assert (result.estimate.low, result.estimate.high, result.estimate.upper_bound) == (0, 1, 1)


def test_where_nothing_is_left_to_the_model_the_estimate_is_nothing() -> None:
    estimate = ds.reclassify(pa.Table.from_pylist([hit(token="t")])).estimate
    assert (estimate.visits, estimate.share, estimate.status) == (0, None, "not identified")
    assert (estimate.low, estimate.high, estimate.upper_bound) == (0, 0, 0)


@pytest.mark.parametrize("value", [None, 5, float("nan"), b"https://a.example/"])
@pytest.mark.parametrize("ask", [ds.agent, ds.referrer])
def test_what_is_no_text_is_one_sentence(ask: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(InputError, match=f"is a text, not {type(value).__name__}"):
        ask(value)


def test_a_lazy_frame_is_told_to_collect() -> None:
    with pytest.raises(InputError, match=r"\.collect\(\)"):
        ds.reclassify(pl.LazyFrame([hit()]))
