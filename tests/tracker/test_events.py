"""What `/c` accepts, as pure functions over literal events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from darksocial.errors import RecordError
from darksocial.model import METHODS, Site
from tracker_server import events

SITE = Site("example.com", "KEY", ("example.com", "localhost:8082"))
NOW = 1_795_000_000_000
EVENT = {"i": "1", "t": "pageview", "u": "https://example.com/"}
RECORD = {
    "id": 1,
    "ts": NOW,
    "site": "example.com",
    "kind": "pageview",
    "url": "https://example.com/",
}


@pytest.mark.parametrize(
    ("changes", "recorded"),
    [
        ({}, {}),
        ({"i": "9223372036854775807"}, {"id": 9223372036854775807}),
        *[({"t": kind}, {"kind": kind}) for kind in events.KINDS],
        ({"u": "http://www.example.com:81/a?b#c"}, {"url": "http://www.example.com:81/a?b#c"}),
        ({"u": "http://localhost:8082/"}, {"url": "http://localhost:8082/"}),
        ({"u": " https://example.com/\x00a\n"}, {"url": "https://example.com/a"}),
        ({"u": "https://example.com/" + "x" * 4076}, {"url": "https://example.com/" + "x" * 4076}),
        ({"r": "https://news.test/"}, {"referrer": "https://news.test/"}),
        ({"r": "x" * 5000}, {"referrer": "x" * 4096}),
        ({"r": ""}, {}),
        ({"r": None, "d": None, "a": None, "v": None}, {}),
        ({"n": "back_forward"}, {"navigation": "back_forward"}),
        ({"a": 1500}, {"ts": NOW - 1500}),
        ({"a": 12.7}, {"ts": NOW - 12}),
        ({"a": 24 * 3600 * 1000}, {"ts": NOW - 24 * 3600 * 1000}),
        # The browser's clock was set back between the event and its sending.
        ({"a": -5}, {}),
        ({"a": -1e300}, {}),
        ({"d": "tok", "p": "par"}, {"token": "tok", "parent": "par"}),
        ({"d": "t" * 65}, {"token": "t" * 64}),
        *[({"m": method}, {"method": method}) for method in METHODS],
        ({"x": "scroll\x1b\x7f"}, {"name": "scroll"}),
        ({"t": "share", "x": "wa.me"}, {"kind": "share", "name": "WhatsApp"}),
        ({"t": "share", "x": "api.whatsapp.com"}, {"kind": "share", "name": "WhatsApp"}),
        ({"t": "share", "x": "mailto:"}, {"kind": "share", "name": "E-mail"}),
        ({"t": "share", "x": "viber:"}, {"kind": "share", "name": "Viber"}),
        ({"t": "share", "x": "new:"}, {"kind": "share", "name": "new:"}),
        ({"t": "share", "x": "new.example"}, {"kind": "share", "name": "new.example"}),
        ({"t": "interaction", "x": "wa.me"}, {"kind": "interaction", "name": "wa.me"}),
        ({"v": 2.5, "c": "eur"}, {"value": 2.5, "currency": "EUR"}),
        ({"v": -3}, {"value": -3.0}),
        ({"w": "typed"}, {"answer": "typed"}),
        ({"f": "same-origin"}, {"fetch_site": "same-origin"}),
        ({"s": "1", "z": "0"}, {"returning": "1", "url_seen": "0"}),
        ({"new": "field", "k": {}}, {}),
    ],
)
def test_an_event_that_counts(changes: dict[str, Any], recorded: dict[str, Any]) -> None:
    assert events.fields({**EVENT, **changes}, SITE, NOW) == {**RECORD, **recorded}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"i": None}, "bad-id"),
        ({"i": 1}, "bad-id"),
        ({"i": ""}, "bad-id"),
        ({"i": "0"}, "bad-id"),
        ({"i": "-1"}, "bad-id"),
        ({"i": "01"}, "bad-id"),
        ({"i": "1e3"}, "bad-id"),
        ({"i": "\uff11"}, "bad-id"),
        ({"i": "9223372036854775808"}, "bad-id"),
        ({"i": "9" * 5000}, "bad-id"),
        ({"t": None}, "bad-kind"),
        ({"t": ""}, "bad-kind"),
        ({"t": "click"}, "bad-kind"),
        ({"t": "preview"}, "bad-kind"),
        ({"t": ["pageview"]}, "bad-kind"),
        ({"u": None}, "bad-url"),
        ({"u": 7}, "bad-url"),
        ({"u": ""}, "bad-url"),
        ({"u": "/page"}, "bad-url"),
        ({"u": "//example.com/"}, "bad-url"),
        ({"u": "file:///etc/passwd"}, "bad-url"),
        ({"u": "javascript:alert(1)//https://example.com/"}, "bad-url"),
        ({"u": "https://example.com/" + "x" * 4077}, "long-url"),
        ({"u": "https://evil.test/"}, "foreign-host"),
        ({"u": "https://example.com.evil.test/"}, "foreign-host"),
        ({"u": "https://example.com@evil.test/"}, "foreign-host"),
        ({"u": "https://evil.test\\@example.com/"}, "foreign-host"),
        ({"u": "https://evil.test?https://example.com/"}, "foreign-host"),
        ({"u": "http://localhost/"}, "foreign-host"),
        ({"u": "http://localhost:8083/"}, "foreign-host"),
        ({"u": "http://"}, "foreign-host"),
        ({"r": 5}, "bad-referrer"),
        ({"n": "teleport"}, "bad-navigation"),
        ({"a": "5"}, "bad-age"),
        ({"a": True}, "bad-age"),
        ({"a": float("nan")}, "bad-age"),
        ({"a": 24 * 3600 * 1000 + 1}, "too-old"),
        ({"a": float("inf")}, "bad-age"),
        ({"d": ["x"]}, "bad-token"),
        ({"p": 1}, "bad-parent"),
        ({"m": "telepathy"}, "bad-method"),
        ({"x": {}}, "bad-name"),
        ({"v": "2"}, "bad-value"),
        ({"v": float("nan")}, "bad-value"),
        ({"v": float("-inf")}, "bad-value"),
        ({"v": 10**400}, "bad-value"),
        ({"v": False}, "bad-value"),
        ({"v": []}, "bad-value"),
        ({"c": "EURO"}, "bad-currency"),
        ({"c": "€€€"}, "bad-currency"),
        ({"w": "maybe"}, "bad-answer"),
        ({"f": "nowhere"}, "bad-fetch-site"),
        ({"s": "2"}, "bad-returning"),
        ({"s": True}, "bad-returning"),
        ({"z": "yes"}, "bad-url-seen"),
    ],
)
def test_an_event_that_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordError) as refused:
        events.fields({**EVENT, **changes}, SITE, NOW)
    assert refused.value.reason == reason


@pytest.mark.parametrize("event", [None, "pageview", 1, [], [EVENT]])
def test_an_event_that_is_no_object(event: Any) -> None:
    with pytest.raises(RecordError) as refused:
        events.fields(event, SITE, NOW)
    assert refused.value.reason == "bad-event"


def test_valid_events_count_when_a_neighbour_is_refused() -> None:
    sent = [{**EVENT, "i": "1"}, {**EVENT, "t": "?"}, None, {**EVENT, "i": "2"}]
    accepted, reasons = events.sort_out(sent, SITE, NOW)
    assert [fields["id"] for fields in accepted] == [1, 2]
    assert reasons == ["bad-kind", "bad-event"]


def test_a_batch_has_fifty_events_at_most() -> None:
    sent = [{**EVENT, "i": str(number)} for number in range(1, 53)]
    accepted, reasons = events.sort_out(sent, SITE, NOW)
    assert [fields["id"] for fields in accepted] == list(range(1, 51))
    assert reasons == ["too-many", "too-many"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "bad-json"),
        (b"{", "bad-json"),
        (b"k=KEY&e=1", "bad-json"),
        (b'{"k":"KEY","e":[]}}', "bad-json"),
        (b'{"k":"\xff\xfe","e":[]}', "bad-json"),
        (b"\x00\x01\x02", "bad-json"),
        (b"[" * 60_000, "bad-json"),
        (b"null", "bad-batch"),
        (b"[]", "bad-batch"),
        (b'"text"', "bad-batch"),
        (b'{"k":"KEY"}', "bad-batch"),
        (b'{"k":"KEY","e":{}}', "bad-batch"),
        (b'{"e":[]}', "bad-key"),
        (b'{"k":5,"e":[]}', "bad-key"),
        (b'{"k":["KEY"],"e":[]}', "bad-key"),
    ],
)
def test_a_body_that_is_no_batch(body: bytes, reason: str) -> None:
    with pytest.raises(RecordError) as refused:
        events.read(body)
    assert refused.value.reason == reason


def test_a_batch() -> None:
    body = json.dumps({"k": "KEY", "e": [EVENT], "new": 1}).encode()
    assert events.read(body) == events.Batch("KEY", [EVENT])
