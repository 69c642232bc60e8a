"""How fast the rules are: distinct agents a second, and rows of repeated ones a second.

    python benchmarks/rules_speed.py ACCESS_LOG.GZ [ROWS]

The log gives real agents and referrers. Distinct agents are made of them by other version
numbers, so that no cache helps. Every rate is also given per second of processor time, since
the machine may be busy with something else.
"""

from __future__ import annotations

import gzip
import itertools
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import ua_parser
from bench import machine, median_of, table
from ua_parser.regex import Resolver

import darksocial as ds
from darksocial.rules import agents

DISTINCT = 30_000
ROUNDS = 3
LIMIT_AGENTS = 15_000
LIMIT_ROWS = 5_000_000
_NUMBER = re.compile(r"\d{2,}")


def values(path: Path, field: int) -> list[str]:
    """Return a field of the combined format: 3 is the referrer, 5 the agent."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
        return [parts[field] for line in lines if len(parts := line.split('"')) > 5]


def distinct(real: list[str]) -> list[str]:
    """Return many agents, each different: those of the log with other numbers in them."""
    kinds = sorted(set(real))
    made: dict[str, None] = {}
    for number in itertools.count():
        for text in kinds:
            made[_raised(text, number)] = None
            if len(made) == DISTINCT:
                return list(made)
    raise AssertionError("unreachable")


def _raised(text: str, number: int) -> str:
    return _NUMBER.sub(lambda found: str(int(found[0][:9]) + number), text, count=3)


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return seconds of the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - processor


def rates(count: int, run: Callable[[], object], before: Callable[[], object]) -> tuple[str, str]:
    measured = []
    for _ in range(ROUNDS):
        before()
        measured.append(timed(run))
    clock, processor = (median_of(times) for times in zip(*measured, strict=True))
    return f"{count / clock:,.0f}", f"{count / processor:,.0f}"


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    log, rows = Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 10_000_000
    real, came_from = values(log, 5), values(log, 3)
    different = distinct(real)
    agents.resolve(different[0])  # compiles the rules
    parser = ua_parser.Parser(Resolver(ua_parser.load_builtins()))
    parser.parse(different[0])
    forget = agents._resolve.cache_clear
    lines = [
        ("distinct agents", *rates(DISTINCT, lambda: [*map(agents.resolve, different)], forget)),
        ("ua-parser alone", *rates(DISTINCT, lambda: [*map(parser.parse, different)], forget)),
    ]
    generator = np.random.default_rng(0)
    for name, texts, ask in (("agents", real, ds.agents), ("referrers", came_from, ds.referrers)):
        column = pa.array(texts).take(pa.array(generator.integers(0, len(texts), rows)))
        lines.append((f"rows of {name}", *rates(rows, lambda c=column, a=ask: a(c), forget)))
        encoded = column.dictionary_encode()
        again = rates(rows, lambda c=encoded, a=ask: a(c), forget)
        lines.append((f"rows of {name}, dictionary-encoded", *again))
    limits = {"distinct agents": LIMIT_AGENTS, "rows of agents": LIMIT_ROWS}
    limits["rows of referrers"] = LIMIT_ROWS
    shown = [(*line, f"{limits[line[0]]:,}" if line[0] in limits else "") for line in lines]
    print(table(["rules", "a second", "a second of processor time", "limit"], shown))
    print(machine("ua-parser", "ua-parser-rs", "pyarrow"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
