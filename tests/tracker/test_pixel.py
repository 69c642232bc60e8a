"""`/p.gif`: a page view for those who run no script; the image always comes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tracker_server.pixel import GIF

Hits = Callable[[], list[dict[str, Any]]]
PAGE = "https://example.com/a?b=c#d"


@pytest.mark.parametrize(
    ("query", "referrer", "url", "token"),
    [
        (f"k=KEY&u={quote(PAGE, safe='')}", None, PAGE, None),
        ("k=KEY&u=https://example.com/ä", None, "https://example.com/ä", None),
        ("k=KEY&u=https%3A%2F%2Fexample.com%2F&t=abc", None, "https://example.com/", "abc"),
        ("k=KEY&t=" + "t" * 99, "https://example.com/", "https://example.com/", "t" * 64),
        ("k=KEY", "https://www.example.com/p", "https://www.example.com/p", None),
        ("k=KEY&k=OTHER&u=https://example.com/", None, "https://example.com/", None),
        ("k=KEY&u=https://example.com/%00%0Ax", None, "https://example.com/x", None),
        ("k=KEY&u=https://example.com/%ff", None, "https://example.com/\ufffd", None),
    ],
)
def test_what_a_pixel_records(
    tracker: FlaskClient, hits: Hits, query: str, referrer: str | None, url: str, token: str | None
) -> None:
    headers = {"Referer": referrer} if referrer else {}
    answer = tracker.get(f"/p.gif?{query}", headers=headers)
    assert "X-Darksocial-Refused" not in answer.headers
    (hit,) = hits()
    assert (hit["kind"], hit["site"], hit["url"], hit.get("token")) == (
        "pixel",
        "example.com",
        url,
        token,
    )


@pytest.mark.parametrize(
    ("query", "referrer", "reason"),
    [
        ("", None, "unknown-site"),
        ("u=https://example.com/", None, "unknown-site"),
        ("k=NOPE&u=https://example.com/", None, "unknown-site"),
        ("k=KEY", None, "bad-url"),
        ("k=KEY&u=", None, "bad-url"),
        ("k=KEY&u=javascript:alert(1)", None, "bad-url"),
        ("k=KEY&u=https://evil.test/", None, "foreign-host"),
        ("k=KEY&u=https://other.net/", None, "foreign-host"),
        ("k=KEY&u=https://example.com@evil.test/", None, "foreign-host"),
        ("k=KEY&u=https://evil.test%5C@example.com/", None, "foreign-host"),
        ("k=KEY", "https://evil.test/", "foreign-host"),
        ("k=KEY&u=https://example.com/" + "x" * 4096, None, "long-url"),
        ("k=KEY&u=https://example.com/" + "x" * 20_000, None, "bad-query"),
        ("k=KEY&" + "&".join(f"a{n}=1" for n in range(50)), None, "bad-query"),
    ],
)
def test_a_refused_pixel_is_an_image_with_the_reason(
    tracker: FlaskClient, hits: Hits, query: str, referrer: str | None, reason: str
) -> None:
    headers = {"Referer": referrer} if referrer else {}
    answer = tracker.get(f"/p.gif?{query}", headers=headers)
    assert (answer.status_code, answer.data) == (200, GIF)
    assert answer.headers["X-Darksocial-Refused"] == reason
    assert hits() == []


def test_the_image(tracker: FlaskClient) -> None:
    answer = tracker.get("/p.gif?k=KEY&u=https://example.com/")
    assert answer.content_type == "image/gif"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.data) == 43
    # Header, one pixel wide and high, colour 0 transparent, trailer.
    assert answer.data[:10] == b"GIF89a\x01\x00\x01\x00"
    assert answer.data[19:27] == b"\x21\xf9\x04\x01\x00\x00\x00\x00"
    assert answer.data[-1:] == b";"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods(tracker: FlaskClient, hits: Hits, method: str) -> None:
    answer = tracker.open("/p.gif?k=KEY&u=https://example.com/", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert hits() == []


def test_a_head_request_counts_too(tracker: FlaskClient, hits: Hits) -> None:
    assert tracker.head("/p.gif?k=KEY&u=https://example.com/").status_code == 200
    assert [hit["kind"] for hit in hits()] == ["pixel"]
