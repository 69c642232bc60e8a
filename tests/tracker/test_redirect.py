"""`/r/<code>`: a recorded redirect to the link's destination, and to nowhere else."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from waiting import wait_until

from darksocial.model import Link, Site
from darksocial.spool import snapshot
from tracker_server.table import build, location

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/153.0"


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/r/abc", 302, "https://example.com/page?x=1&ds=abc#:~:text=hello"),
        (
            "/r/abc?ds=zzz&u=https://evil.test/",
            302,
            "https://example.com/page?x=1&ds=abc#:~:text=hello",
        ),
        ("/r/plain", 302, "https://www.example.com/?ds=plain"),
        ("/r/away", 404, None),
        ("/r/unknown", 404, None),
        ("/r/ABC", 404, None),
        ("/r/abc/", 404, None),
        ("/r/abc/more", 404, None),
        ("/r//abc", 404, None),
        ("/r/", 404, None),
        ("/r", 404, None),
        ("/r/https://evil.test/", 404, None),
        ("/r/%2F%2Fevil.test", 404, None),
        ("/r/abc%00", 404, None),
        ("/r/%ff%fe", 404, None),
        ("/r/" + "x" * 100_000, 404, None),
    ],
)
def test_where_a_code_leads(
    tracker: FlaskClient, path: str, status: int, leads_to: str | None
) -> None:
    answer = tracker.get(path)
    assert answer.status_code == status
    assert answer.headers.get("Location") == leads_to
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_landing_page_sees_the_referrer_that_it_would_have_seen(tracker: FlaskClient) -> None:
    assert tracker.get("/r/abc").headers["Referrer-Policy"] == "no-referrer-when-downgrade"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/r/abc", "/r/unknown"])
def test_other_methods(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]], path: str, method: str
) -> None:
    answer = tracker.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert hits() == []


def test_what_a_click_records(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    before = int(time.time() * 1000)
    tracker.get(
        "/r/abc",
        headers={
            "User-Agent": AGENT,
            "Referer": "https://news.example.net/a?b",
            "Sec-Fetch-Site": "cross-site",
        },
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )
    (hit,) = hits()
    assert before <= hit["ts"] <= int(time.time() * 1000)
    assert 0 < hit["id"] < 2**63
    assert 0 < hit["visitor"] < 2**64
    assert {name: hit[name] for name in hit if name not in {"id", "ts", "recorded", "visitor"}} == {
        "kind": "click",
        "site": "example.com",
        "code": "abc",
        "url": "https://example.com/page?x=1#:~:text=hello",
        "referrer": "https://news.example.net/a?b",
        "user_agent": AGENT,
        "fetch_site": "cross-site",
        "network": "203.0.0.0/16",
    }
    assert hit["recorded"] == hit["ts"]


def test_a_head_request_is_recorded_as_one(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = tracker.head("/r/abc")
    assert (answer.status_code, answer.data) == (302, b"")
    assert [(hit["kind"], hit["name"]) for hit in hits()] == [("click", "HEAD")]


@pytest.mark.parametrize(
    ("header", "value", "field", "recorded"),
    [
        ("User-Agent", "x" * 1_000_000, "user_agent", "x" * 1024),
        ("User-Agent", "", "user_agent", None),
        ("User-Agent", "caf\xc3\xa9 \xff\x01", "user_agent", "café \ufffd"),
        ("Referer", "https://a.test/" + "y" * 9000, "referrer", "https://a.test/" + "y" * 4081),
        ("Referer", "\x00\x1b[2Jhttps://a.test/\xc2\x85", "referrer", "[2Jhttps://a.test/"),
        ("Sec-Fetch-Site", "none", "fetch_site", "none"),
        ("Sec-Fetch-Site", 'x","kind":"share', "fetch_site", None),
    ],
)
def test_headers_that_strangers_write(
    tracker: FlaskClient,
    hits: Callable[[], list[dict[str, Any]]],
    header: str,
    value: str,
    field: str,
    recorded: str | None,
) -> None:
    name = "HTTP_" + header.upper().replace("-", "_")
    answer = tracker.get("/r/abc", environ_overrides={name: value})
    assert answer.status_code == 302
    (hit,) = hits()
    assert hit.get(field) == recorded


@pytest.mark.parametrize(
    ("destination", "leads_to"),
    [
        ("https://example.com", "https://example.com/?ds=c"),
        ("https://example.com?a=1", "https://example.com/?a=1&ds=c"),
        ("https://example.com/#top", "https://example.com/?ds=c#top"),
        ("https://example.com/p?ds=old&a=1", "https://example.com/p?ds=c&a=1"),
        ("https://example.com/p#:~:text=a%20b,c", "https://example.com/p?ds=c#:~:text=a%20b,c"),
        ("http://EXAMPLE.com:8080/p", "http://EXAMPLE.com:8080/p?ds=c"),
        ("https://example.com/ä?q=ö#ü", "https://example.com/%C3%A4?q=%C3%B6&ds=c#%C3%BC"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x?ds=c"),
        ("https://example.com//evil.test/", "https://example.com//evil.test/?ds=c"),
        ("https://[2001:db8::1]:8443/p", "https://[2001:db8::1]:8443/p?ds=c"),
        # Programs disagree about the host of these: nobody is sent there.
        ("https://user:pw@example.com/", ""),
        ("https://evil.test\\@example.com/", ""),
        ("https://evil.test\\.example.com/", ""),
        ("https://evil.test%2F.example.com/", ""),
        ("https://evil.test .example.com/", ""),
        ("https://evil.test\t.example.com/", ""),
        ("https://evil.test\uff0f.example.com/", ""),
        ("https://example.com/\r\nSet-Cookie: a=b", ""),
        ("https:///example.com/", ""),
        ("https:example.com", ""),
        ("//example.com/", ""),
        ("javascript://example.com/%0aalert(1)", ""),
        ("", ""),
    ],
)
def test_the_location_of_a_destination(destination: str, leads_to: str) -> None:
    assert location(destination, "c") == leads_to


@pytest.mark.parametrize(
    ("destination", "hosts", "is_target"),
    [
        ("https://example.com/", ("example.com",), True),
        ("https://www.example.com/", ("example.com",), True),
        ("https://example.com:8443/", ("example.com",), True),
        ("https://example.com/", ("www.example.com",), False),
        ("https://notexample.com/", ("example.com",), False),
        ("https://example.com.evil.test/", ("example.com",), False),
        ("https://example.com/", ("example.com:8443",), False),
        ("https://example.com:8443/", ("example.com:8443",), True),
        ("ftp://example.com/", ("example.com",), False),
        # An empty list of hosts allows nothing.
        ("https://example.com/", (), False),
    ],
)
def test_a_link_leads_to_its_own_site_only(
    destination: str, hosts: tuple[str, ...], is_target: bool
) -> None:
    site = Site("s", "K", hosts)
    found = build(snapshot.Snapshot({"K": site}, {"c": Link("c", "s", destination)}))
    assert list(found.targets) == (["/r/c"] if is_target else [])


def test_a_link_of_no_site_and_one_with_an_endless_code_lead_nowhere() -> None:
    site = Site("s", "K", ("example.com",))
    links = [
        Link("a", "gone", "https://example.com/"),
        Link("x" * 65, "s", "https://example.com/"),
        Link("", "s", "https://example.com/"),
    ]
    known = snapshot.Snapshot({"K": site}, {link.code: link for link in links})
    assert build(known).targets == {}


def test_a_new_link_is_live_without_a_restart(tracker: FlaskClient, home: Path) -> None:
    assert tracker.get("/r/new").status_code == 404
    site = Site("example.com", "KEY", ("example.com",))
    link = Link("new", "example.com", "https://example.com/new")
    snapshot.write(home / "snapshot.json", [site], [link])
    wait_until(lambda: tracker.get("/r/new").status_code == 302)


def test_a_torn_snapshot_costs_nobody_a_redirect(tracker: FlaskClient, home: Path) -> None:
    assert tracker.get("/r/abc").status_code == 302
    path = home / "snapshot.json"
    path.write_bytes(path.read_bytes()[:-40])
    front = tracker.application.extensions["front"]
    front._watcher._checked = -1.0
    front.tick()
    assert tracker.get("/r/abc").status_code == 302


@pytest.mark.parametrize("path", ["/r/off", "/r/over"])
def test_a_link_that_has_ended_says_so(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]], path: str
) -> None:
    answer = tracker.get(path)
    assert (answer.status_code, answer.headers["X-Darksocial-Refused"]) == (410, "ended-code")
    assert "This link has ended" in answer.text
    assert "Location" not in answer.headers
    assert hits() == []


def test_a_plus_tells_where_a_link_leads_and_records_nothing(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    answer = tracker.get("/r/plain+")
    assert answer.status_code == 200
    assert 'href="https://www.example.com/?ds=plain"' in answer.text
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"
    assert hits() == []


@pytest.mark.parametrize(
    ("path", "status"), [("/r/none+", 404), ("/r/off+", 404), ("/r/away+", 404)]
)
def test_a_plus_after_what_leads_nowhere(tracker: FlaskClient, path: str, status: int) -> None:
    assert tracker.get(path).status_code == status


def test_what_a_link_leads_to_is_no_markup(tracker: FlaskClient) -> None:
    page = tracker.get("/r/odd+").text
    assert "<b>" not in page
    assert page.count('"') == 2
