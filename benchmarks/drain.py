"""Rows a second that the drain stores, as a multiple of what one tracker worker takes in.

`python benchmarks/drain.py [SECONDS]` needs wrk. In every round wrk loads a tracker with one
worker, and afterwards the drain stores what that recorded in an embedded store of its own: clicks
of one agent. A second row drains page views with many agents, referrers and tokens. The limit: 4.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bench import ROUNDS, machine, median_of, table
from redirect import AGENT, LINKS, REFERRER, REQUESTS, load, tracker

from darksocial import drain, registry
from darksocial.model import TokenParts
from darksocial.rules import tokens
from darksocial.spool import record
from darksocial.spool.segment import SEALED
from darksocial.store import open_embedded

VARIED = 300_000
LIMIT = 4
REFERRERS = ("", "", "https://www.google.com/", "https://web.de/", "https://t.co/abc")


def main(seconds: int) -> None:
    taken, plain, varied = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            home = Path(folder) / str(number)
            home.mkdir()
            taken.append(take_in(home, seconds))
            plain.append(drained(home / "tracker" / "spool", home / "plain"))
            views(home / "views")
            varied.append(drained(home / "views", home / "varied"))
            print(
                f"round {number + 1} of {ROUNDS}: {taken[-1]:,.0f} taken in, "
                f"{plain[-1]:,.0f} and {varied[-1]:,.0f} drained a second",
                flush=True,
            )
            shutil.rmtree(home)
    intake = median_of(taken)
    rows = [
        (name, f"{median_of(rates):,.0f}", f"{median_of(rates) / intake:.1f}", LIMIT)
        for name, rates in (("clicks of that load", plain), ("varied page views", varied))
    ]
    print(f"\none tracker worker takes in {intake:,.0f} hits/s; {machine('granian', 'chdb')}\n")
    print(table(("drain", "rows/s", "multiple", "limit"), rows))


def take_in(home: Path, seconds: int) -> float:
    """Load a tracker of one worker and return the hits a second that it recorded."""
    script = home / "requests.lua"
    script.write_text(REQUESTS.format(agent=AGENT, referrer=REFERRER, links=LINKS))
    with tracker(home / "tracker") as port:
        return load(script, port, seconds)


def drained(spool: Path, home: Path) -> float:
    """Drain a spool into a fresh store and return rows a second."""
    with open_embedded(f"chdb://{home}") as store:
        with store.session() as session:
            registry.add_site(session, "example.com", key="benchmark")
        hits = 0
        began = time.perf_counter()
        while (done := drain.drain_once(store, spool, home / "rejects")).segments:
            hits += done.hits
        seconds = time.perf_counter() - began
        with store.session() as session:
            stored = session.query("SELECT count() AS n FROM hits")["n"][0].as_py()
    assert stored == hits > 0, (stored, hits)
    return hits / seconds


def views(spool: Path) -> None:
    """Write a segment of page views: 2,000 agents, 1,000 pages, every twentieth with a token."""
    spool.mkdir()
    chance = random.Random(1)
    now = int(time.time() * 1000)
    with open(spool / f"views{SEALED}", "wb") as file:
        for number in range(VARIED):
            at = now - (VARIED - number) * 100
            url = f"https://example.com/page/{chance.randrange(1000)}"
            if not chance.randrange(20):
                parts = TokenParts("copy", at // 3_600_000, chance.getrandbits(32))
                url += f"?ds={tokens.encode(parts, 'benchmark')}"
            hit = {
                "id": record.new_id(at),
                "ts": at,
                "kind": "pageview",
                "site": "example.com",
                "recorded": at,
                "visitor": chance.getrandbits(63) + 1,
                "url": url,
                "referrer": chance.choice(REFERRERS),
                "user_agent": AGENT.replace("120.0.0.0", f"120.0.{chance.randrange(2000)}.0"),
                "network": "192.0.0.0/16",
            }
            file.write(record.encode(hit))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
