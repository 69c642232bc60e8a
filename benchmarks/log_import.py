"""Importing an access log, beside GoAccess reading the same file.

`python benchmarks/log_import.py LOG [TIMES]` repeats the log (plain or gzip) TIMES times (100),
then lets GoAccess parse the result and `darksocial import log` store it in a fresh embedded store,
each in a process of its own, alternately. It needs Debian's goaccess. The limit: twice GoAccess's
lines a second.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import alternate, machine, median_of, table

SITE = "example.com"
LIMIT = 2.0


def main(log: Path, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        big = home / "access.log"
        text = gzip.decompress(log.read_bytes()) if log.suffix == ".gz" else log.read_bytes()
        with big.open("wb") as file:
            for _ in range(times):
                file.write(text)
        lines = text.count(b"\n") * times
        rates = alternate(
            {
                "GoAccess": lambda: lines / timed(lambda: goaccess(big, home)),
                "darksocial import log": lambda: lines / ours(big, home, lines),
            }
        )
    medians = {name: median_of(values) for name, values in rates.items()}
    rows = [
        (name, f"{rate:,.0f}", f"{rate / medians['GoAccess']:.2f}")
        for name, rate in medians.items()
    ]
    print(f"\n{lines:,} lines, {len(text) * times / 1e6:,.0f} MB; {machine('chdb')}; {version()}\n")
    print(table(("log import", "lines/s", f"of GoAccess (limit {LIMIT:.0f})"), rows))


def goaccess(log: Path, home: Path) -> None:
    command = ["goaccess", log, "--log-format=COMBINED", "--no-progress", "-o", home / "out.json"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def ours(log: Path, home: Path, lines: int) -> float:
    """Import into a fresh store; return seconds, and make sure that every line is accounted for."""
    with tempfile.TemporaryDirectory(dir=home) as store:
        run(store, "site", "add", SITE)
        answers: list[str] = []
        command = ("import", "log", str(log), "--site", SITE, "--format", "json")
        seconds = timed(lambda: answers.append(run(store, *command)))
    counts = json.loads(answers[0])
    kinds = ("page_views", "assets", "bots", "previews", "refused", "already_imported")
    assert sum(counts[kind] for kind in kinds) == counts["lines"] == lines, counts
    return seconds


def run(store: str, *words: str) -> str:
    program = Path(sys.executable).with_name("darksocial")
    command = [program, *words, "--store", f"chdb://{store}/store"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def version() -> str:
    answer = subprocess.run(["goaccess", "--version"], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()[0].rstrip(".").replace(" - ", " ")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
