"""Reclassification of 10 million visits in the embedded store.

`python benchmarks/reclassify.py [VISITS]` fills a store with visits of 1.6 page views each over 30
days, waits until the engine has merged what was filled in, then computes all days anew five times,
and prints visits a second and the peak of memory. The limit: 1 million visits a second, 4 GB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time

from bench import ROUNDS, machine, median_of, table

from darksocial import reclassification, registry
from darksocial.store import open_embedded
from darksocial.store.protocol import Session

DAYS = 30
BEGIN = 1_790_000_000
STEP = 1_000_000
REST_AT_MOST = 120

# Every tenth page view that begins a visit carries a token; a quarter each comes from a search
# engine, from webmail, or from nowhere.
HITS = """
INSERT INTO hits (site, id, ts, recorded, kind, visitor, host, path, token, token_state, method,
    internal, referrer_host, referrer_kind, agent_kind, browser, os, device, navigation,
    reported_channel)
SELECT 'example.com', bitShiftLeft(toUInt64(second), 30) + number % 1073741824,
    toDateTime(second, 'UTC') AS ts, ts, 'pageview', sipHash64(v, 1), 'example.com',
    concat('/article/', toString(r % 500)),
    if(p = 0 AND r % 10 = 0, concat('tok', hex(sipHash64(r % 1000))), '') AS token,
    if(token = '', '', 'valid'), if(token = '', '', 'copy'), p > 0,
    multiIf(p > 0, 'example.com', r % 4 = 0, 'google.com', r % 4 = 1, 'web.de', ''),
    multiIf(p > 0, '', r % 4 = 0, 'search', r % 4 = 1, 'email', ''), 'browser',
    ['Chrome', 'Firefox', 'Mobile Safari'][v % 3 + 1], ['Windows', 'Linux', 'iOS'][v % 3 + 1],
    ['desktop', 'desktop', 'mobile'][v % 3 + 1], 'navigate',
    multiIf(p > 0, 'Direct', r % 4 = 0, 'Organic Search', r % 4 = 1, 'Referral', 'Direct')
FROM
(
    SELECT v, p, v * 3 + p AS number,
        %(begin)s + sipHash64(v) %% (%(days)s * 86400) + p * 60 AS second, sipHash64(v, p) AS r
    FROM
    (
        SELECT number AS v, arrayJoin(range(1 + (number % 5 < 2) + (number % 5 = 0))) AS p
        FROM numbers(%(first)s, %(count)s)
    )
)
""".replace("%%", "%")


def main(visits: int) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        open_embedded(f"chdb://{home}") as store,
        store.session() as session,
    ):
        site = registry.add_site(session, "example.com")
        for first in range(0, visits, STEP):
            count = min(STEP, visits - first)
            session.execute(HITS, begin=BEGIN, days=DAYS, first=first, count=count)
            print(f"{first + count:,} of {visits:,} visits are in the store", flush=True)
        rest(session)
        seconds, busy = [], []
        for _ in range(ROUNDS):
            reclassification.touch_all(session, site)
            began, used = time.perf_counter(), time.process_time()
            reclassification.publish_dirty(store)
            seconds.append(time.perf_counter() - began)
            busy.append(time.process_time() - used)
            print(f"{seconds[-1]:.2f} s, {busy[-1]:.2f} s of processor time", flush=True)
        stored = session.query("SELECT count() AS n FROM visits WHERE channel != 'internal'")
        assert stored["n"][0].as_py() == visits, stored
    rate = visits / median_of(seconds)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    rows = [
        ("visits a second", f"{rate:,.0f}", "1,000,000", f"{rate / 1e6:.2f}"),
        ("a second of processor time", f"{visits / median_of(busy):,.0f}", "", ""),
        ("peak of memory, GB", f"{peak:.2f}", "4", f"{peak / 4:.2f}"),
    ]
    print(f"\n{visits:,} visits, {DAYS} days, medians of {ROUNDS}; {machine('chdb')}\n")
    print(table(("reclassification", "measured", "limit", "ratio"), rows))


def rest(session: Session) -> None:
    """Wait until nothing is merged any more: what was filled in costs twice as much while it is."""
    began = time.monotonic()
    while session.query("SELECT count() AS n FROM system.merges")["n"][0].as_py():
        if time.monotonic() - began > REST_AT_MOST:
            print(f"still merging after {REST_AT_MOST} s", flush=True)
            return
        time.sleep(0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
