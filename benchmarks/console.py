"""Server time of every page of the console on 10 million visits in the embedded store.

`python benchmarks/console.py [VISITS [DIRECTORY]]` fills a store with visits over 90 days (or takes
the one that an earlier run left in DIRECTORY), asks for each page five times and prints medians:
seconds on the clock, seconds of processor time, and the bytes of the answer, uncompressed. The
limit is 300 ms a page as it is opened first; other ranges and filters stand below. The first
time that a page is asked for after the store was opened stands beside it as `cold`.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench import ROUNDS, machine, median_of, table
from busy import fill
from flask.testing import FlaskClient

from darksocial import daily, reclassification, registry
from darksocial.console.app import create_app
from darksocial.reports import trees
from darksocial.settings import load
from darksocial.store import open_embedded
from darksocial.store.protocol import Session, Store

DAYS = 90
LIMIT = 0.3
SECRET, HOST = "secret-of-the-benchmark", "127.0.0.1:18081"
PAGE = "example.com/article/452/a-title-of-some-length"
FIRST = (
    *("/", "/channels", "/pages", "/reports/funnel", "/reports/tree", "/reports/sharers"),
    *("/links", "/reports/conversions", "/reports/engagement", "/reports/public"),
    *("/reports/campaigns", "/reports/timing", "/visits", "/letters", "/refused"),
    *("/links/new", "/links/L20"),
    *("/reports/tree?token=TOKEN", "/visits/VISIT", "/account"),
)
OTHER = (
    *("/reports/funnel?by=page", "/reports/funnel?by=link", "/reports/public?by=network"),
    *("/reports/public?by=campaign", "/reports/conversions?model=position_based"),
    *(f"{path}?{urlencode({'page': PAGE})}" for path in ("/", "/channels", "/pages", "/visits")),
    *(f"{path}?campaign=campaign-3" for path in ("/", "/channels", "/pages", "/visits")),
    *(f"{path}?device=mobile" for path in ("/", "/channels", "/pages", "/visits")),
    *("/visits?channel=dark_social", "/?compare=1&MONTH"),
    *(f"{path}?MONTH" for path in FIRST[:12]),
)
HEADS = ("page", "seconds", "processor", "cold", "limit", "bytes")

Row = tuple[str, str, str, str, str, str]


def main(visits: int, home: str) -> None:
    with open_embedded(f"chdb://{home}/store") as store:
        with store.session() as session:
            known = registry.sites(session)
            if not known:
                site = registry.add_site(session, "example.com")
                fill(session, site, visits, DAYS)
                reclassification.touch_all(session, site)
                reclassification.publish_dirty(store)
                # What the private process does once days rest, and every minute.
                daily.keep(session, site, time.time(), math.inf)
                trees.keep(session, site)
            words = _words(session)
        client = _client(store, home)
        first, other = (_measured(client, paths, words) for paths in (FIRST, OTHER))
    print(f"\n{visits:,} visits, {DAYS} days, medians of {ROUNDS}; {machine('chdb', 'flask')}\n")
    print(table(HEADS, first), table(HEADS, other), sep="\n\n")


def _client(store: Store, home: str) -> FlaskClient:
    settings = load({"tracker_url": "https://t.example", "home": home}, {})
    client = create_app(store, settings, SECRET, frozenset({HOST})).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {SECRET}"
    return client


def _words(session: Session) -> dict[str, str]:
    """Return what stands for words in the paths: a token of a large tree, a visit, a range."""
    token = session.query(
        "SELECT parent FROM shares WHERE parent != '' GROUP BY parent ORDER BY count() DESC LIMIT 1"
    )["parent"][0].as_py()
    visit = session.query("SELECT toString(max(id)) AS id FROM visits")["id"][0].as_py()
    month = urlencode({"from": date.today() - timedelta(days=29), "to": date.today()})
    return {"TOKEN": token, "VISIT": visit, "MONTH": month}


def _measured(client: FlaskClient, paths: tuple[str, ...], words: dict[str, str]) -> list[Row]:
    rows = []
    for path in paths:
        address = path
        for name, word in words.items():
            address = address.replace(name, word)
        times = [_ask(client, address) for _ in range(ROUNDS + 1)]
        wall, spent = (median_of(one[place] for one in times[1:]) for place in (0, 1))
        limit = "" if paths is OTHER else f"{LIMIT:.1f}"
        size = f"{times[0][2]:,}"
        rows.append((path, f"{wall:.3f}", f"{spent:.3f}", f"{times[0][0]:.3f}", limit, size))
        print("  ".join(rows[-1]), flush=True)
    return rows


def _ask(client: FlaskClient, address: str) -> tuple[float, float, int]:
    began, spent = time.perf_counter(), time.process_time()
    answer = client.get(address, base_url=f"http://{HOST}", buffered=True)
    took = time.perf_counter() - began, time.process_time() - spent
    assert answer.status_code == 200, (address, answer.status, answer.get_data(as_text=True))
    return *took, len(answer.data)


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    if len(sys.argv) > 2:
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        main(number, sys.argv[2])
    else:
        with tempfile.TemporaryDirectory() as directory:
            main(number, directory)
