"""From a line to a hit: time, address, referrer, visitor, network."""

from __future__ import annotations

import pytest
from access_log import BROWSER, Importer, line

from darksocial.spool.visitor import network

TIMES = [
    # time in the line, seconds since 1970 (0: refused as impossible)
    ("17/May/2015:10:05:03 +0000", 1431857103),
    ("17/May/2015:12:05:03 +0200", 1431857103),
    ("17/May/2015:02:35:03 -0730", 1431857103),
    ("29/Feb/2016:23:59:60 +0000", 1456790400),
    ("31/Dec/1994:23:59:59 +0000", 0),
    ("01/Jan/1995:00:00:00 +0000", 788918400),
    ("29/Feb/2015:10:05:03 +0000", 0),
    ("17/Mai/2015:10:05:03 +0000", 0),
    ("17/May/2015:24:05:03 +0000", 0),
    ("17/May/2015:10:65:03 +0000", 0),
    ("17/May/2015:1?:05:03 +0000", 0),
    ("17/May/2015:10.05.03 +0000", 0),
    ("-7/May/2015:10:05:03 +0000", 0),
    ("17/May/-015:10:05:03 +0000", 0),
    ("17/May/9999:10:05:03 +0000", 0),
    ("17/May/1950:10:05:03 +0000", 0),
    ("x y", 0),
]


def test_times(importer: Importer) -> None:
    text = "".join(line(f"GET /{number} HTTP/1.1", at=at) for number, (at, _) in enumerate(TIMES))
    result = importer(text)
    found = {row["path"]: row["ts"] for row in importer.rows("path, toUInt32(ts) AS ts")}
    assert found == {f"/{number}": ts for number, (_, ts) in enumerate(TIMES) if ts}
    assert dict(result.refused_reasons) == {"impossible time": sum(not ts for _, ts in TIMES)}


def test_a_time_more_than_a_day_ahead_is_refused(importer: Importer) -> None:
    from datetime import datetime, timedelta, timezone

    now = datetime.now(timezone.utc)
    moments = [now + timedelta(hours=hours) for hours in (-1, 23, 25)]
    result = importer("".join(line(at=f"{at:%d/%b/%Y:%H:%M:%S} +0000") for at in moments))
    assert (result.page_views, dict(result.refused_reasons)) == (2, {"impossible time": 1})


ADDRESSES = [
    # request, referrer: path, referrer host and path, internal
    ("GET / HTTP/1.1", "-", "/", "", "", 0),
    ("GET /a?b=c HTTP/1.1", "", "/a", "", "", 0),
    ("GET /a%20b/%C3%A4 HTTP/1.1", "-", "/a%20b/%C3%A4", "", "", 0),
    ("GET /s HTTP/1.1", "https://www.google.com/search?q=x", "/s", "www.google.com", "/search", 0),
    ("GET /i HTTP/1.1", "http://SITE/page", "/i", "", "", 1),
    ("GET http://SITE/whole HTTP/1.1", "-", "/whole", "", "", 0),
    ("GET HTTPS://www.SITE HTTP/1.1", "-", "/", "", "", 0),
    (r"GET /q\"x HTTP/1.1", r"https://a.example/\"\x41\\", "/q%22x", "a.example", "/%22%41%5C", 0),
    ("GET /b HTTP/1.1", r"https://b.example/\xc3\xa4", "/b", "b.example", "/%c3%a4", 0),
]  # fmt: skip


def test_addresses(importer: Importer) -> None:
    site = importer.site.name
    result = importer(
        "".join(line(row[0], referrer=row[1]) for row in ADDRESSES).replace("SITE", site)
    )
    assert result.page_views == len(ADDRESSES), result.refused_reasons
    columns = "path, referrer_host, referrer_path, internal"
    found = sorted(tuple(row.values()) for row in importer.rows(columns))
    wanted = (
        (path, host.replace("SITE", site), rest, own) for _, _, path, host, rest, own in ADDRESSES
    )
    assert found == sorted(wanted)


def test_the_hit_of_a_line_is_always_the_same(importer: Importer) -> None:
    """Ids are kept for good: another hash would import every old log twice."""
    importer(line() + line())
    assert importer.ids() == [1876338393689269744, 1876338393779418772]
    assert {ident >> 30 for ident in importer.ids()} == {1747476303}


def test_one_visitor_is_one_address_and_agent(importer: Importer) -> None:
    other = BROWSER.replace("115", "116")
    importer(
        line("GET /1 HTTP/1.1") + line("GET /2 HTTP/1.1")
        + line("GET /3 HTTP/1.1", address="192.0.2.2") + line("GET /4 HTTP/1.1", agent=other)
    )  # fmt: skip
    first, second, third, fourth = (row["visitor"] for row in importer.rows("visitor", "path"))
    assert first == second
    assert len({first, third, fourth}) == 3


def test_visitors_are_known_again_until_their_source_is_forgotten(importer: Importer) -> None:
    from darksocial.imports import forget

    importer(line("GET /1 HTTP/1.1"), "1.log")
    importer(line("GET /2 HTTP/1.1"), "2.log")
    importer(line("GET /3 HTTP/1.1"), "3.log", source="other")
    forget(importer.store, importer.site)
    importer(line("GET /4 HTTP/1.1"), "4.log")
    first, second, third, fourth = (row["visitor"] for row in importer.rows("visitor", "path"))
    assert first == second
    assert len({first, third, fourth}) == 3


NETWORKS = [
    "192.0.2.1",
    "10.20.30.40",
    "2001:db8:1:2::1",
    "2001:0DB8:0:0:0:0:0:1",
    "::1",
    "::ffff:192.0.2.1",
    "crawler.example.com",
    "1.2.3.4.5",
]


@pytest.mark.parametrize("address", NETWORKS)
def test_addresses_are_cut_like_everywhere_else(importer: Importer, address: str) -> None:
    importer(line(address=address))
    assert [row["network"] for row in importer.rows("network")] == [network(address)]
