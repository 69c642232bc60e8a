"""Importing access logs: every line accounted for, nothing twice, nothing valid lost."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from darksocial import imports, reports
from darksocial.model import Site
from darksocial.reclassification import publish_dirty
from darksocial.store import Store
from darksocial.store.protocol import Session

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
WHATSAPP = "WhatsApp/2.23.20.0 A"
CATEGORIES = ("page_views", "assets", "bots", "previews", "refused", "already_imported")


def line(
    path: str = "/story",
    *,
    address: str = "203.0.113.7",
    second: int = 0,
    referrer: str = "-",
    agent: str = CHROME,
    status: int = 200,
    method: str = "GET",
) -> str:
    minute, second = divmod(second, 60)
    return (
        f"{address} - - [02/Nov/2026:09:{minute:02}:{second:02} +0000] "
        f'"{method} {path} HTTP/1.1" {status} 512 "{referrer}" "{agent}"'
    )


LOG = [
    line(second=0, referrer="https://www.google.com/"),
    line("/style.css", second=1, referrer="https://example.com/story"),
    line("/next", second=9, referrer="https://SITE/story"),
    line(second=20, address="198.51.100.9", agent=GOOGLEBOT),
    line(second=30, address="198.51.100.10", agent=WHATSAPP),
    line("/missing", second=40, status=404),
    line("/form", second=41, method="POST"),
    line(second=50, address="2001:db8::7", referrer="https://web.whatsapp.com/"),
    "this is no log line",
]


def write(path: Path, site: Site, lines: list[str]) -> str:
    text = "\n".join(lines).replace("SITE", site.name) + "\n"
    path.write_text(text, encoding="utf-8")
    return str(path)


def take(store: Store, site: Site, path: str, tmp_path: Path, **more: str) -> imports.ImportResult:
    result = imports.import_log(store, site, path, rejects=tmp_path / "rejects", **more)
    counts = result.to_json()
    assert sum(counts[name] for name in CATEGORIES) == counts["lines"]
    assert sum(counts["refused_reasons"].values()) == counts["refused"]
    return result


def overview(store: Store, site: Site) -> dict[str, object]:
    publish_dirty(store, site.name)
    with store.session() as session:
        return reports.as_dict(reports.run(session, "overview", site))


def test_each_line_is_of_one_kind(store: Store, site: Site, tmp_path: Path) -> None:
    result = take(store, site, write(tmp_path / "log", site, LOG), tmp_path)
    counts = result.to_json()
    assert {name: counts[name] for name in ("lines", *CATEGORIES)} == {
        "lines": 9,
        "page_views": 3,
        "assets": 1,
        "bots": 1,
        "previews": 1,
        "refused": 3,
        "already_imported": 0,
    }
    assert result.summary().startswith(
        "9 lines: 3 page views, 1 asset, 1 bot, 1 preview, 3 refused"
    )
    answer = overview(store, site)
    assert (answer["page_views"], answer["visits"]) == (3, 2)
    assert (answer["previews"], answer["bots"]) == (1, 1)
    assert {(row["channel"], row["application"]) for row in answer["rows"]} == {
        ("search", "Google"),
        ("dark_social", "WhatsApp"),
    }


def test_a_log_can_be_imported_again_grown_renamed_and_compressed(
    store: Store, site: Site, tmp_path: Path
) -> None:
    first = write(tmp_path / "access.log", site, LOG[:4])
    take(store, site, first, tmp_path)
    again = take(store, site, first, tmp_path)
    assert again.already_imported == again.lines == 4
    grown = take(store, site, write(tmp_path / "access.log", site, LOG), tmp_path)
    assert grown.already_imported == 4
    (tmp_path / "access.log.1.gz").write_bytes(
        gzip.compress((tmp_path / "access.log").read_bytes())
    )
    rotated = take(store, site, str(tmp_path / "access.log.1.gz"), tmp_path)
    assert rotated.page_views == 0
    assert overview(store, site)["page_views"] == 3


def test_identical_lines_are_different_requests(store: Store, site: Site, tmp_path: Path) -> None:
    path = write(tmp_path / "log", site, [LOG[0]] * 5)
    assert take(store, site, path, tmp_path).page_views == 5
    assert take(store, site, path, tmp_path).already_imported == 5
    assert overview(store, site)["page_views"] == 5


def test_an_import_can_be_undone_and_done_again(store: Store, site: Site, tmp_path: Path) -> None:
    kept = write(tmp_path / "kept", site, [line("/kept", second=99)])
    take(store, site, kept, tmp_path)
    path = write(tmp_path / "log", site, LOG)
    result = take(store, site, path, tmp_path)
    undone = imports.undo(store, site, result.import_id)
    assert undone.hits == 5
    assert overview(store, site)["page_views"] == 1
    assert take(store, site, path, tmp_path).page_views == 3
    assert overview(store, site)["page_views"] == 4
    states = {row.import_id: row.state for row in imports.list_imports(store, site)}
    assert states[result.import_id] == "undone"


HOSTILE = [
    (b"", "empty line"),
    (b"\x00\xff\xfe\x80 binary", "malformed line"),
    (b'203.0.113.7 - - [02/Nov/2026:09:00:00 +0000] "GET / HT', "malformed line"),
    (b'203.0.113.7 - - [99/Nov/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "x"', "time"),
    (b'203.0.113.7 - - [02/Nov/2999:09:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "x"', "time"),
    (b"x" * 3_000_000, "malformed line"),
]


@pytest.mark.engines
@pytest.mark.parametrize(
    ("bad", "reason"), HOSTILE, ids=["empty", "binary", "cut", "no-day", "future", "long"]
)
def test_bad_lines_are_refused_and_their_neighbours_kept(
    store: Store, site: Site, tmp_path: Path, bad: bytes, reason: str
) -> None:
    path = tmp_path / "log"
    good = line().encode()
    path.write_bytes(good + b"\r\n" + bad + b"\n" + line(second=70).encode() + b"\n")
    result = take(store, site, str(path), tmp_path)
    assert (result.page_views, result.refused, result.lines) == (2, 1, 3)
    (why,) = result.refused_reasons
    assert reason.split()[0] in why
    assert result.rejects is not None
    (row,) = [json.loads(text) for text in result.rejects.read_text().splitlines()]
    assert 2 in row.values()
    assert len(str(row)) < 10_000


def test_the_quick_and_the_slow_way_read_the_same(store: Store, site: Site, tmp_path: Path) -> None:
    """A quote in the agent, escaped as Apache does, must not shift the fields."""
    lines = [
        line("/a", second=1, agent=CHROME + r" \"quoted\"", referrer="https://web.whatsapp.com/"),
        line("/b", second=2, address="198.51.100.1", referrer="https://web.whatsapp.com/"),
    ]
    result = take(store, site, write(tmp_path / "log", site, lines), tmp_path)
    assert result.page_views == 2
    rows = overview(store, site)["rows"]
    assert [(row["application"], row["visits"]) for row in rows] == [("WhatsApp", 2)]


NGINX = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent"'
)
FORMATS = [
    ("common", '203.0.113.7 - - [02/Nov/2026:09:00:00 +0000] "GET /a HTTP/1.1" 200 5'),
    (NGINX, line("/a")),
    ("vhost_combined", "SITE:443 " + line("/a")),
    ('%h %t "%r" %>s %D', '203.0.113.7 [02/Nov/2026:09:00:00 +0000] "GET /a HTTP/1.1" 200 99'),
]


@pytest.mark.engines
@pytest.mark.parametrize(("format_", "text"), FORMATS, ids=["common", "nginx", "vhost", "own"])
def test_formats(store: Store, site: Site, tmp_path: Path, format_: str, text: str) -> None:
    path = write(tmp_path / "log", site, [text])
    result = take(store, site, path, tmp_path, format=format_)
    assert (result.page_views, result.lines) == (1, 1)


def test_no_address_is_kept(store: Store, session: Session, site: Site, tmp_path: Path) -> None:
    lines = [*LOG, "203.0.113.77 2001:db8::77 is no log line"]
    result = take(store, site, write(tmp_path / "log", site, lines), tmp_path)
    dump = str(session.query("SELECT * FROM hits WHERE site = %(s)s", s=site.name).to_pylist())
    assert result.rejects is not None
    for address in ("203.0.113.7", "198.51.100.9", "2001:db8::7"):
        assert address not in dump + result.rejects.read_text()
    previews = session.query(
        "SELECT visitor, network FROM hits WHERE site = %(s)s AND kind = 'preview'", s=site.name
    )
    assert previews.to_pylist() == [{"visitor": 0, "network": ""}]


def test_the_real_log(store: Store, site: Site, tmp_path: Path, real_log: Path) -> None:
    result = take(store, site, str(real_log), tmp_path)
    assert result.lines == 10_000
    answer = overview(store, site)
    assert answer["page_views"] == result.page_views == sum(r["page_views"] for r in answer["rows"])
    assert (answer["bots"], answer["previews"]) == (result.bots, result.previews)
    google = [row for row in answer["rows"] if row["application"] == "Google"]
    assert {row["channel"] for row in google} == {"search"}
    assert answer["visits"] + answer["continued_visits"] == sum(r["visits"] for r in answer["rows"])
