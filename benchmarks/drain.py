"""Rows a second that the drain stores, as a multiple of what one tracker worker takes in.

`python benchmarks/drain.py [SECONDS]` needs wrk. In every round wrk loads a tracker with one
worker, first with redirects of one agent, then with page views of many agents, referrers and
tokens as a snippet sends them; after each load the drain stores what was recorded in an embedded
store of its own. The limit: 4. On a machine that others use as well, the rate by processor time
says more than the one by the clock.
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
from darksocial.store import open_embedded

LIMIT = 4
HEADS = (
    "hits",
    "taken in a second",
    "drained a second",
    "and of processor time",
    "multiple",
    "limit",
)
VIEWS = 2000
REFERRERS = ("", "", "https://www.google.com/", "https://web.de/", "https://t.co/abc")

# Every page view has an id of its own.
PAGE_VIEWS = """local views, n = {{ {views} }}, 0
request = function()
  n = n + 1
  local view = views[n % #views + 1]
  wrk.headers["User-Agent"] = view[1]
  local body = string.format(view[2], {begin} + n)
  return wrk.format("POST", "/c", nil, body)
end
"""


def main(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        loads = {
            "redirects": REQUESTS.format(agent=AGENT, referrer=REFERRER, links=LINKS),
            "page views": page_views(),
        }
        taken: dict[str, list[float]] = {name: [] for name in loads}
        stored: dict[str, list[float]] = {name: [] for name in loads}
        worked: dict[str, list[float]] = {name: [] for name in loads}
        for number in range(ROUNDS):
            for name, script in loads.items():
                (home / "requests.lua").write_text(script)
                with tracker(home / "tracker") as port:
                    taken[name].append(load(home / "requests.lua", port, seconds))
                by_clock, by_work = drained(home / "tracker" / "spool", home / "store")
                stored[name].append(by_clock)
                worked[name].append(by_work)
                shutil.rmtree(home / "tracker")
                shutil.rmtree(home / "store")
                print(
                    f"round {number + 1} of {ROUNDS}, {name}: {taken[name][-1]:,.0f} taken in, "
                    f"{by_clock:,.0f} drained a second, {by_work:,.0f} a second of processor time",
                    flush=True,
                )
    rows = []
    for name in loads:
        intake, rate, work = map(median_of, (taken[name], stored[name], worked[name]))
        figures = (f"{intake:,.0f}", f"{rate:,.0f}", f"{work:,.0f}", f"{rate / intake:.1f}")
        rows.append((name, *figures, LIMIT))
    print(f"\nmedians of {ROUNDS}, one tracker worker; {machine('granian', 'chdb')}\n")
    print(table(HEADS, rows))


def drained(spool: Path, home: Path) -> tuple[float, float]:
    """Drain a spool into a fresh store; return rows a second, and a second of processor time."""
    with open_embedded(f"chdb://{home}") as store:
        with store.session() as session:
            registry.add_site(session, "example.com", key="KEY")
        hits = 0
        began, worked = time.perf_counter(), time.process_time()
        while (done := drain.drain_once(store, spool, home / "rejects")).segments:
            hits += done.hits
        seconds, work = time.perf_counter() - began, time.process_time() - worked
        with store.session() as session:
            stored = session.query("SELECT count() AS n FROM hits")["n"][0].as_py()
    assert stored == hits > 0, (stored, hits)
    return hits / seconds, hits / work


def page_views() -> str:
    """Return the load of page views: 2,000 agents, 1,000 pages, every twentieth with a token."""
    chance = random.Random(1)
    now = int(time.time() * 1000)
    views = []
    for number in range(VIEWS):
        url = f"https://example.com/page/{chance.randrange(1000)}"
        if not chance.randrange(20):
            parts = TokenParts("copy", now // 3_600_000, chance.getrandbits(32))
            url += f"?ds={tokens.encode(parts, 'KEY')}"
        agent = AGENT.replace("120.0.0.0", f"120.0.{number}.0")
        event = (
            '{"k":"KEY","e":[{"t":"pageview","n":"navigate","i":"%d",'
            f'"u":"{url}","r":"{chance.choice(REFERRERS)}"}}]}}'
        )
        views.append(f"{{'{agent}', '{event}'}}")
    return PAGE_VIEWS.format(views=", ".join(views), begin=now << 10)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
