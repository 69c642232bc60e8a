"""Coverage of the parts of the estimate: by day, device and kind of page, over random worlds.

`python benchmarks/parts.py [--worlds 24] [--first 0] [--scale 0.1]`

A part is covered where the number of its untagged visits that came by shares lies in its interval.
Worlds whose estimate is not identified are left out; where the whole is off, so are its parts.
`bias` and `width` are points of the part's untagged visits. Kinds of page are those of the
simulator, so that taking one for another counts as an error too.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator

import darksocial as ds

Judged = tuple[bool, float, float]


def judged(seed: int, scale: float) -> Iterator[tuple[str, Judged]]:
    """Yield a name and what became of each part of a random world."""
    world = ds.simulate("random", seed=seed, scale=scale)
    result = ds.reclassify(world.hits, tokens_deployed=True)
    if result.estimate.share is None:
        return
    truth = world.truth.take(result.visits["arrival"])
    rows = truth.append_column("evidence", result.visits["evidence"]).to_pylist()
    rest = [row for row in rows if row["evidence"] == "model"]
    true, whole = sum(row["shared"] for row in rest) / len(rest), result.estimate
    off, width = 100 * (result.estimate.share - true), 100 * (whole.high - whole.low)
    yield "whole", (whole.low <= true <= whole.high, off, width)
    for division in ("day", "device", "page_class"):
        for part in result.estimate.by(division):
            mine = [row for row in rest if _part(row, division) == part.part]
            if not mine or part.low is None or part.high is None or part.estimated is None:
                continue
            shared, visits = sum(row["shared"] for row in mine), len(mine)
            name = division if division == "day" else part.part
            yield (
                name,
                (
                    part.low <= shared <= part.high,
                    100 * (part.estimated - shared) / visits,
                    100 * (part.high - part.low) / visits,
                ),
            )


def _part(row: dict[str, object], division: str) -> str:
    return str(row["ts"])[:10] if division == "day" else str(row[division])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=24)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--scale", type=float, default=0.1)
    options = parser.parse_args()
    found: dict[str, list[Judged]] = {}
    for seed in range(options.first, options.first + options.worlds):
        for name, one in judged(seed, options.scale):
            found.setdefault(name, []).append(one)
    for name, parts in found.items():
        covered, bias, width = (statistics.mean(column) for column in zip(*parts, strict=True))
        print(
            f"{name:8} {len(parts):5} parts, coverage {covered:.2f}, bias {bias:+.1f}, "
            f"width {width:.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
