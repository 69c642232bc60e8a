"""`POST /c` over WSGI: statuses, headers, and what is in the spool afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

Hits = Callable[[], list[dict[str, Any]]]
EVENT = {"i": "41", "t": "pageview", "u": "https://example.com/a", "a": 250}


def batch(*events: Any, key: str = "KEY") -> bytes:
    return json.dumps({"k": key, "e": events}).encode()


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "application/json", None])
def test_events_are_recorded_whatever_their_content_type(
    tracker: FlaskClient, hits: Hits, content_type: str | None
) -> None:
    sent = batch(EVENT, {**EVENT, "i": "42", "t": "share", "m": "copy", "d": "tok"})
    answer = tracker.post("/c", data=sent, content_type=content_type)
    assert (answer.status_code, answer.data) == (204, b"")
    assert "X-Darksocial-Refused" not in answer.headers
    assert [(hit["id"], hit["kind"], hit["site"], hit.get("token")) for hit in hits()] == [
        (41, "pageview", "example.com", None),
        (42, "share", "example.com", "tok"),
    ]


def test_what_all_events_of_a_batch_share(tracker: FlaskClient, hits: Hits) -> None:
    tracker.post(
        "/c",
        data=batch(EVENT, {**EVENT, "i": "42", "a": 0}),
        headers={"User-Agent": "Firefox"},
        environ_base={"REMOTE_ADDR": "2001:db8:1:2::3"},
    )
    first, second = hits()
    assert first["ts"] == first["recorded"] - 250
    assert second["ts"] == second["recorded"] == first["recorded"]
    assert first["visitor"] == second["visitor"] > 0
    assert first["network"] == second["network"] == "2001:db8:1::/48"
    assert first["user_agent"] == second["user_agent"] == "Firefox"


def test_a_click_and_a_page_view_of_one_browser_have_one_visitor(
    tracker: FlaskClient, hits: Hits
) -> None:
    tracker.get("/r/abc", headers={"User-Agent": "Firefox"})
    tracker.post("/c", data=batch(EVENT), headers={"User-Agent": "Firefox"})
    tracker.post("/c", data=batch(EVENT), headers={"User-Agent": "Chrome"})
    click, same, other = (hit["visitor"] for hit in hits())
    assert click == same != other


@pytest.mark.parametrize(
    ("body", "refused", "ids"),
    [
        (batch(EVENT, {**EVENT, "t": "?"}), "bad-kind", [41]),
        (batch(None, 5, {**EVENT, "t": "?"}, EVENT), "bad-event, bad-kind", [41]),
        (batch({**EVENT, "u": "https://evil.test/"}), "foreign-host", []),
        (batch(EVENT, key="NOPE"), "unknown-site", []),
        (batch(EVENT, key="OTHER"), "foreign-host", []),
        (batch(), None, []),
        (batch(*[{**EVENT, "i": str(n)} for n in range(1, 60)]), "too-many", list(range(1, 51))),
        (b" ", "bad-json", []),
        (b"{\xff", "bad-json", []),
        (b"\xef\xbb\xbf" + batch(EVENT), None, [41]),
    ],
)
def test_what_a_browser_may_have_sent_is_answered_with_204(
    tracker: FlaskClient, hits: Hits, body: bytes, refused: str | None, ids: list[int]
) -> None:
    answer = tracker.post("/c", data=body)
    assert answer.status_code == 204
    assert answer.headers.get("X-Darksocial-Refused") == refused
    assert [hit["id"] for hit in hits()] == ids


def test_half_an_emoji_and_a_quote_are_texts_like_others(tracker: FlaskClient, hits: Hits) -> None:
    body = b'{"k":"KEY","e":[{"i":"1","t":"pageview","u":"https://example.com/","x":"\\ud83d\\"\\\\"}]}'
    assert tracker.post("/c", data=body).status_code == 204
    assert [hit["name"] for hit in hits()] == ['?"\\']


@pytest.mark.parametrize(
    ("length", "status"),
    [
        (None, 411),
        ("", 411),
        ("-1", 411),
        ("+5", 411),
        ("5.0", 411),
        ("²", 411),
        ("65537", 413),
        ("9" * 30, 413),
    ],
)
def test_lengths_that_are_not_read(
    tracker: FlaskClient, hits: Hits, length: str | None, status: int
) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("the body was read")

    environ: dict[str, Any] = {"wsgi.input": Unread(batch(EVENT)), "CONTENT_LENGTH": length}
    if length is None:
        del environ["CONTENT_LENGTH"]
        environ["HTTP_TRANSFER_ENCODING"] = "chunked"
    answer = tracker.post("/c", environ_overrides=environ)
    assert answer.status_code == status
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.text.endswith(".\n")
    assert hits() == []


def test_the_largest_batch_that_is_read(tracker: FlaskClient, hits: Hits) -> None:
    body = batch(EVENT).ljust(64 * 1024)
    assert tracker.post("/c", data=body).status_code == 204
    assert [hit["id"] for hit in hits()] == [41]


def test_a_body_that_ends_early_is_refused(tracker: FlaskClient, hits: Hits) -> None:
    body = batch(EVENT)
    answer = tracker.post(
        "/c",
        environ_overrides={
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(len(body) + 1),
        },
    )
    assert (answer.status_code, answer.headers["X-Darksocial-Refused"]) == (204, "incomplete")
    assert hits() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_other_methods(tracker: FlaskClient, method: str) -> None:
    answer = tracker.open("/c", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_a_preflight_is_answered(tracker: FlaskClient) -> None:
    answer = tracker.options(
        "/c",
        headers={
            "Origin": "https://example.com",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"


def test_a_page_may_read_the_reason(tracker: FlaskClient) -> None:
    headers = tracker.post("/c", data=b"{").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Expose-Headers"] == "X-Darksocial-Refused"


def test_refusals_are_counted_by_reason_and_site(
    tracker: FlaskClient, counted: Callable[[Flask], dict[tuple[str, str], int]]
) -> None:
    tracker.post("/c", data=batch(None, None, {**EVENT, "t": "?"}, EVENT))
    tracker.post("/c", data=b"{")
    tracker.post("/c", data=batch(EVENT, key="NOPE"))
    tracker.get("/r/unknown")
    tracker.get("/p.gif?k=NOPE")
    assert counted(tracker.application) == {
        ("bad-event", "example.com"): 2,
        ("bad-kind", "example.com"): 1,
        ("bad-json", ""): 1,
        ("unknown-site", ""): 2,
        ("unknown-code", ""): 1,
    }
