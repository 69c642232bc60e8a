"""From nothing to the first report, everything installed.

`python benchmarks/start.py LOG [SITE]` adds a site, imports the access log and prints the overview,
each as the command a user types, in a fresh home. The limit: 5 seconds for the three together.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import ROUNDS, machine, median_of, table

LIMIT = 5.0


def main(log: str, site: str) -> None:
    commands = (
        ("site", "add", site),
        ("import", "log", log, "--site", site),
        ("report", "overview", "--site", site, "--format", "json"),
    )
    rounds = [first_report(commands) for _ in range(ROUNDS)]
    rows = [
        (" ".join(command[:2]), f"{median_of(times[place] for times in rounds):.2f} s", "", "")
        for place, command in enumerate(commands)
    ]
    total = median_of(map(sum, rounds))
    rows.append(("together", f"{total:.2f} s", f"{LIMIT:.0f} s", f"{total / LIMIT:.2f}"))
    print(f"\n{Path(log).name}, medians of {ROUNDS}; {machine('chdb')}\n")
    print(table(("start to first report", "median", "limit", "part of the limit"), rows))


def first_report(commands: tuple[tuple[str, ...], ...]) -> list[float]:
    program = Path(sys.executable).with_name("darksocial")
    times = []
    with tempfile.TemporaryDirectory() as home:
        for command in commands:
            began = time.perf_counter()
            done = subprocess.run(
                [program, *command, "--store", f"chdb://{home}/store"],
                capture_output=True,
                check=True,
            )
            times.append(time.perf_counter() - began)
    visits = json.loads(done.stdout)["visits"]
    print(f"{sum(times):.2f} s, {visits:,} visits", flush=True)
    return times


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "example.com")
