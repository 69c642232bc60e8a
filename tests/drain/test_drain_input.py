"""What a segment may hold: each line is stored, or refused with its reason, and nothing breaks."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from literal import FIREFOX, hit, new_site, published, records, seal

from darksocial import reports
from darksocial.drain import Drained, drain_once
from darksocial.errors import SpoolError
from darksocial.model import Site
from darksocial.spool.record import encode
from darksocial.store import Store

pytestmark = pytest.mark.engines

GOOD = {
    "id": 1,
    "ts": 1_729_591_200_000,
    "recorded": 1_729_591_200_000,
    "kind": "pageview",
    "site": "SITE",
    "visitor": 7,
    "url": "https://SITE/a",
    "user_agent": FIREFOX,
}
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
TOMORROW = int(time.time() * 1000) + 25 * 3600 * 1000


def framed(body: bytes) -> bytes:
    """A line with the right checksum, whatever it says."""
    return b"%08x %b\n" % (crc32(body), body)


def changed(**fields: Any) -> bytes:
    record = {name: value for name, value in (GOOD | fields).items() if value is not None}
    return framed(json.dumps(record).encode())


# Name: (line, reason).
REFUSED: dict[str, tuple[bytes, str]] = {
    "torn line": (changed()[:40] + b"\n", "torn or foreign line"),
    "wrong sum": (b"0" * 8 + changed()[8:], "torn or foreign line"),
    "no sum": (changed()[9:], "torn or foreign line"),
    "a short line": (b"x\n", "torn or foreign line"),
    "binary garbage": (bytes(range(11, 256)) + b"\n", "torn or foreign line"),
    "zeros, as after a power cut": (b"\0" * 4096 + b"\n", "torn or foreign line"),
    "a line of 2 MB": (b"a" * 2_000_000 + b"\n", "torn or foreign line"),
    "no JSON": (framed(b"nonsense"), "no JSON object"),
    "half of JSON": (framed(b'{"id":1,"ts":17'), "no JSON object"),
    "two objects": (framed(b'{"id":1} {"id":2}'), "no JSON object"),
    "half a surrogate pair": (framed(b'{"id":1,"name":"\\ud800"}'), "no JSON object"),
    "no object": (framed(b'"text"'), "no id of 63 bits"),
    "empty object": (framed(b"{}"), "no id of 63 bits"),
    "no valid UTF-8": (framed(b'{"id":1,"name":"\xff\xfe"}'), "no valid UTF-8"),
    "no id": (changed(id=None), "no id of 63 bits"),
    "id 0": (changed(id=0), "no id of 63 bits"),
    "negative id": (changed(id=-5), "no id of 63 bits"),
    "id of 64 bits": (changed(id=2**63), "no id of 63 bits"),
    "id of words": (changed(id="one"), "no id of 63 bits"),
    "unknown kind": (changed(kind="pagevieww"), "unknown kind"),
    "no kind": (changed(kind=None), "unknown kind"),
    "no site": (changed(site=None), "no site"),
    "no time": (changed(ts=None), "time out of range"),
    "time 0": (changed(ts=0), "time out of range"),
    "negative time": (changed(ts=-1_729_591_200_000), "time out of range"),
    "time in seconds": (changed(ts=1_729_591_200), "time out of range"),
    "time of the last century": (changed(ts=915_148_800_000), "time out of range"),
    "time in two days": (changed(ts=TOMORROW), "time out of range"),
    "time beyond all": (changed(ts=2**63 - 1), "time out of range"),
    "time of 70 bits": (changed(ts=2**70), "time out of range"),
}
# Name: (fields, what is stored).
KEPT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an ordinary line": ({}, {"path": "/a", "visitor": 7, "kind": "pageview"}),
    "a user agent of 1 MB": ({"user_agent": FIREFOX + " x" * 500_000}, {"browser": "Firefox"}),
    "a URL of 1 MB": ({"url": "https://SITE/b/" + "c/" * 500_000}, {"host": "SITE"}),
    "a referrer of 1 MB": ({"referrer": "https://blog.example/" + "r" * 900_000},
                           {"referrer_host": "blog.example"}),
    "no URL": ({"url": None}, {"host": "", "path": "/"}),
    "a URL that is none": ({"url": "javascript:alert(1)"}, {"host": ""}),
    "a referrer that is none": ({"referrer": "] [ : //"}, {"internal": 0}),
    "a URL with a password": ({"url": "https://ann:secret@SITE/a"}, {"host": "SITE", "path": "/a"}),
    "quotes and backslashes": ({"url": "https://SITE/it's\\\"%27/"}, {"host": "SITE"}),
    "a link wrapped by a mailbox": (
        {"referrer": "https://www.google.com/url?q=https://SITE/a%3Fsecret%3D1&source=gmail&ust=9"},
        {"referrer_kind": "email", "referrer_application": "Gmail",
         "referrer_host": "www.google.com", "referrer_path": "/url"}),
    "a result of a search": (
        {"referrer": "https://www.google.com/url?sa=t&source=web&url=https://SITE/a"},
        {"referrer_kind": "search", "referrer_application": "Google", "referrer_path": "/url"}),
    "hints of a WebView": (
        {"user_agent": ANDROID, "hints": "brand=Android WebView/141;app=com.whatsapp"},
        {"agent_kind": "in_app", "agent_application": "WhatsApp",
         "agent_application_kind": "messenger"}),
    "hints of a browser": ({"user_agent": ANDROID, "hints": "brand=Brave/141"},
                           {"agent_kind": "browser", "browser": "Brave"}),
    "hints that are none": ({"user_agent": ANDROID, "hints": ";;=;brand=;os" * 100_000},
                            {"agent_kind": "browser", "browser": "Chrome Mobile"}),
    "zero in a text": ({"name": "a\0b"}, {"name": "a\0b"}),
    "characters of all planes": ({"name": "ü€𝄞"}, {"name": "ü€𝄞"}),
    "a campaign that is no UTF-8": ({"url": "https://SITE/?utm_source=%ff%fe&utm_medium=m"},
                                    {"utm_source": "\ufffd", "utm_medium": "m"}),
    "ten thousand parameters": ({"url": "https://SITE/a?" + "p=1&" * 10_000}, {"path": "/a"}),
    "names of the wrong type": ({"visitor": -1, "value": "many", "name": {"x": 1}}, {"value": 0.0}),
    "null": ({"referrer": None, "value": None}, {"referrer_host": "", "value": 0.0}),
    "names that are not known": ({"later": "version"}, {"path": "/a"}),
    "a time an hour ahead": ({"ts": TOMORROW - 23 * 3600 * 1000}, {"path": "/a"}),
}  # fmt: skip


def _named(line: bytes, site: bytes) -> bytes:
    """The line for a site; a right checksum stays right."""
    body = line[9:-1].replace(b"SITE", site)
    right = line[:8] == b"%08x" % crc32(line[9:-1])
    return framed(body) if right else line[:9] + body + line[-1:]


@pytest.fixture(scope="module")
def outcome(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home, site = tmp_path_factory.mktemp("input"), new_site(store)
    kept = [
        changed(**{"id": number, **fields})
        for number, (fields, _) in enumerate(KEPT.values(), start=1)
    ]
    lines = [line for line, _ in REFUSED.values()] + kept
    lines = [_named(line, site.name.encode()) for line in lines]
    path = seal(home / "spool", [*lines, b"\n", b"\n"])
    drained = drain_once(store, home / "spool", home / "rejects")
    with store.session() as session:
        rows = session.query("SELECT * FROM hits WHERE site = %(s)s", s=site.name).to_pylist()
    return {
        "site": site,
        "drained": drained,
        "rows": {row["id"]: row for row in rows},
        "file": home / "rejects" / f"{path.stem}.jsonl",
        "left": path.exists(),
    }


def test_every_line_is_accounted_for(outcome: dict[str, Any]) -> None:
    assert outcome["drained"] == Drained(1, len(KEPT), len(REFUSED))
    assert not outcome["left"]


def test_refused_lines_are_kept_with_their_reasons(outcome: dict[str, Any]) -> None:
    texts = outcome["file"].read_text(encoding="utf-8").splitlines()
    reasons = sorted(json.loads(text)["reason"] for text in texts)
    assert reasons == sorted(reason for _, reason in REFUSED.values())
    assert all(len(text) < 30_000 for text in texts)


@pytest.mark.parametrize("case", REFUSED)
def test_a_refused_line_has_its_reason(case: str, outcome: dict[str, Any]) -> None:
    line, reason = REFUSED[case]
    texts = outcome["file"].read_text(encoding="utf-8").splitlines()
    begin = line[:20].decode("utf-8", "replace").rstrip("\n")[9:]
    found = [json.loads(text) for text in texts]
    assert any(entry["reason"] == reason and begin in entry["line"] for entry in found)


@pytest.mark.parametrize("case", KEPT)
def test_a_kept_line_is_stored(outcome: dict[str, Any], case: str) -> None:
    row = outcome["rows"][list(KEPT).index(case) + 1]
    expected = {
        name: value.replace("SITE", outcome["site"].name) if isinstance(value, str) else value
        for name, value in KEPT[case][1].items()
    }
    assert {name: row[name] for name in expected} == expected


def test_reports_can_be_made_of_what_was_kept(store: Store, outcome: dict[str, Any]) -> None:
    site = outcome["site"]
    assert len(published(store, site, "*")) == len(KEPT)
    with store.session() as session:
        for name in reports.REPORTS:
            for format_ in ("json", "csv", "table"):
                assert site.name in reports.render(reports.run(session, name, site), "json")
                assert reports.render(reports.run(session, name, site), format_)


def test_refused_lines_are_private(outcome: dict[str, Any]) -> None:
    assert outcome["file"].stat().st_mode & 0o777 == 0o600
    assert outcome["file"].parent.stat().st_mode & 0o777 == 0o700


def test_a_line_without_its_end_counts(store: Store, site: Site, tmp_path: Path) -> None:
    """The last write of a worker that was killed may lack nothing but the next line."""
    lines = [encode(record) for record in records(site, [hit("10:00"), hit("10:01")])]
    seal(tmp_path / "spool", [lines[0], lines[1].rstrip(b"\n")])
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects") == Drained(1, 2, 0)


def test_an_empty_segment_goes(store: Store, tmp_path: Path) -> None:
    path = seal(tmp_path / "spool", [])
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects") == Drained(1, 0, 0)
    assert not path.exists()


def test_there_may_be_no_spool_yet(store: Store, tmp_path: Path) -> None:
    assert drain_once(store, tmp_path / "none", tmp_path / "rejects") == Drained()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["with space", "it's", "[ab]", "ünï", "%s", "a\\b"])
def test_the_spool_may_lie_anywhere(store: Store, site: Site, tmp_path: Path, name: str) -> None:
    spool = tmp_path / name / "spool"
    for number in range(2):
        lines = [
            encode(record) for record in records(site, [hit("10:00", f"v{number}", id=number + 1)])
        ]
        seal(spool, lines)
    assert drain_once(store, spool, tmp_path / "rejects") == Drained(2, 2, 0)


@pytest.mark.parametrize("name", ["{a,b}", "{a", "a*b", "a?b"])
def test_a_spool_that_the_engine_cannot_name_loses_nothing(
    store: Store, site: Site, tmp_path: Path, name: str
) -> None:
    spool = tmp_path / name / "spool"
    path = seal(spool, map(encode, records(site, [hit("10:00")])))
    with pytest.raises(SpoolError, match="--home"):
        drain_once(store, spool, tmp_path / "rejects")
    assert path.exists()


def test_segments_are_only_those_of_the_spool(store: Store, site: Site, tmp_path: Path) -> None:
    """Other files beside them are left alone."""
    spool = tmp_path / "spool"
    seal(spool, map(encode, records(site, [hit("10:00")])))
    for other in ("note.txt", "x.sealed.bak", "sealed"):
        (spool / other).write_text("no segment")
    assert drain_once(store, spool, tmp_path / "rejects").segments == 1
    assert sorted(path.name for path in spool.iterdir()) == ["note.txt", "sealed", "x.sealed.bak"]


def test_an_hour_of_small_segments(store: Store, site: Site, tmp_path: Path) -> None:
    """After an outage there are as many as two an instant for each worker."""
    for number in range(1100):
        row = hit("10:00", f"v{number}", id=number + 1)
        seal(tmp_path / "spool", map(encode, records(site, [row])))
    batches = []
    while (drained := drain_once(store, tmp_path / "spool", tmp_path / "rejects")).segments:
        batches.append(drained.segments)
    assert sum(batches) == 1100
    assert len(batches) <= 5
    assert len(published(store, site, "id")) == 1100
