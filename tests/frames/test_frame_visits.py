"""`ds.reclassify`: the visits in a frame of hits, their evidence, and the reports on them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from frame_rows import ANDROID, INSTAGRAM, PAGE, SECONDS, TELEGRAM, columns_of, hit, visits

import darksocial as ds
from darksocial.frames import ADDED
from darksocial.reports import REPORTS
from darksocial.store import Store

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


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
        "click_id",
        {"url": PAGE + "?msclkid=ab12", "referrer": "https://www.bing.com/"},
        ("campaign", "", 0.0),
    ),
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


def test_rows_without_a_visitor_are_visits_of_their_own() -> None:
    table = pa.table({"ts": [SECONDS, SECONDS + 1, SECONDS + 2], "url": [PAGE] * 3})
    assert ds.reclassify(table).visits.num_rows == 3


def test_one_row_is_enough() -> None:
    result = ds.reclassify(pa.table({"ts": [SECONDS], "url": ["/only/a/path"]}))
    assert result.visits["channel"].to_pylist() == ["direct"]


def test_twice_in_a_row_gives_the_same() -> None:
    rows = [hit(n % 7, f"v{n % 5}", token="t" if n % 3 else "") for n in range(40)]
    assert visits(rows) == visits(rows)


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


@pytest.mark.parametrize("name", REPORTS)
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


def test_client_hints_have_columns_of_their_own() -> None:
    webview = {"sec_ch_ua": '"Android WebView";v="141"', "user_agent": ANDROID}
    rows = [
        hit(0, "ann", **webview, x_requested_with="com.whatsapp"),
        hit(1, "bob", **webview, x_requested_with="org.example"),
        hit(2, "cyd", user_agent=ANDROID, x_requested_with="com.whatsapp"),
        hit(3, "dan", sec_ch_ua='"HeadlessChrome";v="141"'),
        hit(4, "eve"),
    ]
    found = [(row["visitor"], row["evidence"], row["application"]) for row in visits(rows)]
    assert found == [
        ("ann", "in_app", "WhatsApp"),
        ("bob", "in_app", ""),
        ("cyd", "model", ""),
        ("eve", "model", ""),
    ]


def test_days_and_months_between_visits_of_one_visitor_stay_between_them() -> None:
    """Hits are put in the order of time by packed numbers, which have to hold all of a frame."""
    days = [0, 1, 2, 9, 40, 800]
    rows = [hit(60 * 24 * day + minute, returning=day > 0) for day in days for minute in (0, 5)]
    rows[1::2] = [row | {"url": PAGE + "/2", "referrer": PAGE} for row in rows[1::2]]
    found = visits(rows)
    assert [row["ts"] for row in found] == [row["ts"] for row in rows[::2]]
    assert [(row["pages"], row["seconds"]) for row in found] == [(2, 300)] * len(days)


def test_reports_on_pages_have_the_shares_and_interactions_of_a_frame() -> None:
    rows = [
        hit(0, "ann"),
        hit(1, "ann", kind="share", token="t1", method="copy"),
        hit(2, "ann", kind="interaction", name="like"),
    ]
    result = ds.reclassify(pa.Table.from_pylist(columns_of(rows)))
    (page,) = result.report("pages").rows
    (reach,) = result.report("public").rows
    assert (page["visits"], page["shares"]) == (1, 1)
    assert (reach["shares"], reach["site_likes"], reach["interactions"]) == (1, 1, 1)
