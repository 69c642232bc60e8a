"""Memory and time of exporting single visits: flat, however many there are.

`python benchmarks/export.py [VISITS]` fills an embedded store with visits over 20 days and writes
a fifth of them, then all, in each format. Each export runs in a process of its own; what is printed
is the most memory that it took beyond that of the opened store.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

from bench import machine, table

from darksocial import registry
from darksocial.exports import VISIT_FORMATS, Wanted, pages, write_visits
from darksocial.reports import Range
from darksocial.store import open_embedded

DAYS = 20
FIRST = date(2026, 10, 1)
VISITS = """
INSERT INTO visits (site, day, id, ts, host, path, pages, seconds, channel, evidence, reason,
    reported_channel, token, browser, os, device)
SELECT 'example.com', toDate('2026-10-01') + number % 20, number + 1,
    toDateTime('2026-10-01 00:00:00', 'UTC') + number, 'example.com',
    concat('/article/', toString(number % 5000), '/a-title-of-some-length'), 1 + number % 3,
    number % 300, 'dark_social', 'token', 'token abc', 'Direct', concat('tok', toString(number)),
    'Firefox', 'Linux', 'desktop'
FROM numbers(%(visits)s)
"""


def main(visits: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        with open_embedded(f"chdb://{home}") as store, store.session() as session:
            registry.add_site(session, "example.com")
            session.execute(VISITS, visits=visits)
        rows = [
            (name, *_in_a_process(home, name, days))
            for name in VISIT_FORMATS
            for days in (DAYS // 5, DAYS)
        ]
    print(table(("format", "visits", "seconds", "file", "memory beyond the store"), rows))
    print(f"\n{machine('chdb', 'pyarrow', 'xlsxwriter')}")


def _in_a_process(home: str, format_: str, days: int) -> list[str]:
    words = [sys.executable, __file__, home, format_, str(days)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout.strip().split("|")


def one(home: str, format_: str, days: int) -> None:
    """Write one export and print what it took."""
    span = Range(FIRST, FIRST + timedelta(days=days - 1))
    with open_embedded(f"chdb://{home}") as store, store.session() as session:
        wanted = Wanted(registry.site(session, "example.com"), span)
        next(pages(session, wanted))  # what the first question costs belongs to the store
        with Peak() as peak, tempfile.TemporaryFile() as file:
            began = time.monotonic()
            written = write_visits(pages(session, wanted), format_, file)
            seconds = time.monotonic() - began
            size = file.tell()
    print(f"{written:,}|{seconds:.1f}|{size / 1e6:.0f} MB|{peak.megabytes:.0f} MB")


class Peak:
    """The most memory that this process took beyond what it had, looked at often."""

    def __enter__(self) -> Peak:
        self._before = self._most = _resident()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def megabytes(self) -> float:
        return (self._most - self._before) / 1024

    def _watch(self) -> None:
        while not self._stop.wait(0.02):
            self._most = max(self._most, _resident())


def _resident() -> int:
    """Return the resident memory of this process in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    if len(sys.argv) == 4:
        one(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
