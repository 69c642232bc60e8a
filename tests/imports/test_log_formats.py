"""Format strings of Apache and nginx, and that both ways of reading a line agree."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from access_log import BROWSER, Importer, line

from darksocial.errors import InputError
from darksocial.imports import formats
from darksocial.imports.layout import Expression
from darksocial.imports.lines import Lines
from darksocial.imports.reading import LogFile
from darksocial.model import Site
from darksocial.store import EmbeddedSession, Store
from darksocial.store.protocol import Session

CLF = "17/May/2025:10:05:03 +0000"
NGINX = (
    '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
    '"$http_referer" "$http_user_agent"'
)

GET_P = f'192.0.2.1 - - [{CLF}] "GET /p HTTP/1.1" 200'
WITH_AGENT = f'{GET_P} 5 "-" "{BROWSER}"'
PROXIED = (
    '$host $remote_addr [$time_iso8601] "$request" $status rt=$request_time "$http_user_agent"'
)
PROXIED_LINE = (
    f'SITE 192.0.2.1 [2025-05-17T12:05:03+02:00] "GET /p HTTP/1.1" 200 rt=0.01 "{BROWSER}"'
)
OWN = r"%h %l %u %t \"%r\" %>s %b %D \"%{Host}i\" \"%{User-Agent}i\""
FORWARDED = '$msec $http_x_forwarded_for $request_method "$uri$is_args$args" $status'

READ = [
    # format, line, kind of the agent
    ("common", f"{GET_P} 5", ""),
    ("combined", WITH_AGENT.replace("200 5", "200 -"), "browser"),
    ("combined", WITH_AGENT.replace("- - [", "- J. Smith ["), "browser"),
    ("combined", f'{WITH_AGENT} "10.0.0.1" 7', "browser"),
    ("vhost_combined", f"SITE:443 {WITH_AGENT}", "browser"),
    ("vhost_combined", f"www.SITE:80 {WITH_AGENT[:-1]} " + r'\"x\""', "browser"),
    (NGINX, WITH_AGENT.replace("- - [", "- me ["), "browser"),
    (f"'{NGINX}'", WITH_AGENT, "browser"),
    (PROXIED, PROXIED_LINE, "browser"),
    (f"{PROXIED} $upstream_addr", f"{PROXIED_LINE} 10.0.0.1:80, 10.0.0.2:80", "browser"),
    (FORWARDED, '1747476303.123 192.0.2.1, 10.0.0.1 GET "/p?a=b" 200', ""),
    (OWN, f'{GET_P} 5 1234 "SITE" "{BROWSER}"', "browser"),
    (f'"{OWN}"', f'{GET_P} 5 1234 "SITE" "{BROWSER}"', "browser"),
    ("%a %{sec}t %m %U %q %s", "192.0.2.1 1747476303 GET /p ?a=b 200", ""),
    ('%h %t "%m %U%q %H" %>s', f'192.0.2.1 [{CLF}] "GET /p?a=b HTTP/1.1" 200', ""),
    ('%{X-Forwarded-For}i %t "%r"', f'192.0.2.1, 10.0.0.1 [{CLF}] "GET /p HTTP/1.1"', ""),
    ('"%{X-Forwarded-For}i" %t "%r"', f'"192.0.2.1, 10.0.0.1" [{CLF}] "GET /p HTTP/1.1"', ""),
    ("%h 100%% %t %r", f"192.0.2.1 100% [{CLF}] GET /p HTTP/1.1", ""),
]


@pytest.mark.parametrize(
    ("form", "text", "agent"), READ, ids=[str(number) for number in range(len(READ))]
)
def test_a_format_says_what_stands_where(
    importer: Importer, form: str, text: str, agent: str
) -> None:
    result = importer(text.replace("SITE", importer.site.name) + "\n", format=form)
    columns = "path, toUInt32(ts) AS ts, network, agent_kind"
    assert [tuple(row.values()) for row in importer.rows(columns)] == [
        ("/p", 1747476303, "192.0.0.0/16", agent)
    ], result.summary()


WEBVIEW = (
    "Mozilla/5.0 (Linux; Android 9; SM-G960F; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/90.0.4430.210 Mobile Safari/537.36"
)
HEADERS = [
    # Sec-Fetch-Site and X-Requested-With as logged; what is kept of both
    ("none", "-", "none", ""),
    ("cross-site", "-", "cross-site", ""),
    ("somewhere", "XMLHttpRequest", "", ""),
    ("-", "com.whatsapp", "", "WhatsApp"),
    ("", f"com.{'x' * 100}", "", ""),
    (r"a\"b", r"com.\"whatsapp", "", ""),
]


@pytest.mark.parametrize(
    "form",
    [
        f'{NGINX} "$http_sec_fetch_site" "$http_x_requested_with"',
        f'{formats.COMBINED} "%{{Sec-Fetch-Site}}i" "%{{X-Requested-With}}i"',
    ],
    ids=["nginx", "Apache"],
)
def test_what_a_browser_says_beside_its_name(importer: Importer, form: str) -> None:
    lines = [
        f'{GET_P.replace("/p", f"/{number}")} 5 "-" "{WEBVIEW}" "{fetched}" "{asked}"\n'
        for number, (fetched, asked, *_) in enumerate(HEADERS)
    ]
    importer("".join(lines), format=form)
    found = importer.rows("fetch_site, agent_application", order="path")
    assert [tuple(row.values()) for row in found] == [tuple(row[2:]) for row in HEADERS]


def test_lines_of_other_hosts_are_refused(importer: Importer) -> None:
    site = importer.site.name
    hosts = (
        site,
        f"www.{site}",
        f"{site}:8080",
        f"{site.upper()}:443",
        f"x{site}",
        "192.0.2.7",
        "-",
    )
    text = "".join(f"{host} {line()}" for host in hosts)
    result = importer(text, format='%V %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i"')
    assert dict(result.refused_reasons) == {"other host": 2}
    found = sorted(row["host"] for row in importer.rows("host"))
    assert found == sorted([site, f"www.{site}", f"{site}:8080", site, site])


REFUSED = [
    ("nonsense", "is no log format: give combined, common, vhost_combined, or the text of"),
    ('%h %t "%r', "has a quote that is not closed"),
    ('%t "%r"', "needs the address"),
    ('%h "%r"', "needs the time"),
    ("%h %t", "needs the request"),
    ('%h %{%Y}t "%r"', "cannot be read: known are %t and"),
    ("$remote_addr $request", "needs the time"),
]


@pytest.mark.parametrize(("form", "words"), REFUSED)
def test_a_format_that_cannot_be_used_is_refused(form: str, words: str) -> None:
    with pytest.raises(InputError, match="log format") as error:
        formats.parse(form)
    assert words in str(error.value)


# Each of these is tried in every place of a line; many make it irregular or malformed.
ODD = ["", "-", " ", "a b", '"', '\\"', "\\\\", "\\x22", "[", "]", "[x]", "\t", "\0", "ä", "a?b=c"]
FIELDS = {
    "address": "192.0.2.1",
    "ident": "-",
    "user": "-",
    "at": CLF,
    "request": "GET /page HTTP/1.1",
    "status": "200",
    "size": "5",
    "referrer": "https://a.example/x",
    "agent": BROWSER,
    "rest": "",
}
SHAPE = '{address} {ident} {user} [{at}] "{request}" {status} {size} "{referrer}" "{agent}"{rest}\n'


def odd_lines() -> bytes:
    """Return lines with something odd in one or two fields, and lines cut anywhere."""
    chance = random.Random(7)
    made = []
    for name in FIELDS:
        for odd in ODD:
            for value in (odd, FIELDS[name] + odd, odd + FIELDS[name]):
                made.append(SHAPE.format(**FIELDS | {name: value}).encode())
    for _ in range(1000):
        two = {name: chance.choice(ODD) for name in chance.sample(list(FIELDS), 2)}
        made.append(SHAPE.format(**FIELDS | two).encode())
    whole = SHAPE.format(**FIELDS).encode()
    made += [whole[:cut].rstrip(b"\n") + b"\n" for cut in range(len(whole))]
    made += [whole.replace(b"Mozilla", bytes([byte])) for byte in (0, 0x80, 0xC3, 0xFF)]
    return b"".join(made)


COMPARED = (
    "number, toString(verdict) AS verdict, code, method, ts, line_hash, address, host, target, "
    "referrer, agent"
)


def read_lines(session: Session, path: Path, form: str, quick: bool) -> list[dict[str, object]]:
    compiled = formats.parse(form)
    if not quick:
        object.__setattr__(compiled, "regular", Expression("0"))
    site = Site("a.example", "key", ("a.example",))
    lines = Lines(session, site, compiled, int(time.time()))
    with LogFile(str(path)) as file:
        for chunk in file.chunks():
            with chunk:
                lines.read(chunk, 0, 0)
    cleaned = COMPARED.replace("agent", "toValidUTF8(agent) AS agent")
    return list(
        session.query(
            f"SELECT {cleaned} FROM import_lines WHERE verdict NOT IN ('irregular', 'asset') "
            "ORDER BY number"
        ).to_pylist()
    )


@pytest.mark.parametrize("form", ["combined", "common", NGINX, '%h %l %u %t "%r" %>s %b'])
def test_both_ways_of_reading_a_line_agree(
    embedded_store: Store, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "odd.log"
    path.write_bytes(odd_lines())
    with EmbeddedSession() as session:
        quick = read_lines(session, path, form, quick=True)
        slow = read_lines(session, path, form, quick=False)
    assert len(quick) > 1000
    assert [row for row, other in zip(quick, slow, strict=True) if row != other] == []
