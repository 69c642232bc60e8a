"""The estimate against the truth, over named scenarios and random worlds, beside baselines.

`python benchmarks/estimator.py [--worlds 120] [--first 0] [--seeds 3] [--survey 300] [--scale 1]
[--results FILE] [--folder PATH] [--only NAME ...]`

Each world is simulated, given to `ds.reclassify` as a frame of hits, and judged by its truth; a
line of JSON for each is appended to `--results` (estimator.jsonl in the temporary directory), so
that an interrupted run goes on where it was: give `--fresh` after changes of the code. `--first` is
the first seed of the random worlds: develop on others than those that are reported. `--folder`
judges worlds of other simulators instead: each subfolder holds hits.parquet and truth.parquet as
docs/simulator.md says. `--survey` repeats the random worlds with so many answers.
The limits are those that the estimator was built for.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from bench import machine, table
from numpy.typing import NDArray

import darksocial as ds
from darksocial.baselines import BASELINES, supervised
from darksocial.baselines.features import page_class, path_of
from darksocial.simulator import SCENARIOS

Row = dict[str, Any]
SURVEY, SHUFFLED = "survey", "shuffled"
BINS = 10
FIGURES = ("auc", "hard", "ece")


@dataclass(frozen=True, slots=True)
class Job:
    """A world to judge: `group` is the scenario, "random", "survey" or "shuffled"."""

    group: str
    name: str
    make: Callable[[], tuple[Any, Any, bool | None]]


def jobs(options: argparse.Namespace) -> Iterator[Job]:
    """Yield the worlds that the options ask for."""
    if options.folder:
        for place in sorted(Path(options.folder).glob("*/hits.parquet")):
            name = _told(place.parent).get("name")
            group = str(name) if name in SCENARIOS else "folder"
            yield Job(group, f"{place.parent.resolve()}", partial(_read, place.parent))
        return
    for name in SCENARIOS:
        for seed in range(options.seeds):
            yield _job(name, name, seed, options.scale)
    drawn = range(options.first, options.first + options.worlds)
    for seed in drawn:
        yield _job("random", "random", seed, options.scale)
    for seed in drawn if options.survey else ():
        yield _job(SURVEY, "random", seed, options.scale, survey=options.survey)
    for seed in range(options.seeds):
        for name in ("news", "b2b_blog", "random"):
            yield _job(SHUFFLED, name, seed, options.scale, shuffled=True)


def _job(group: str, scenario: str, seed: int, scale: float, **more: Any) -> Job:
    def make() -> tuple[Any, Any, bool | None]:
        found = ds.simulate(scenario, seed=seed, scale=scale, **more)
        return found.hits, found.truth, found.tokens_deployed

    return Job(group, f"{group} {scenario} {seed} x{scale:g}", make)


def _told(folder: Path) -> Row:
    file = folder / "world.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def _read(folder: Path) -> tuple[Any, Any, bool | None]:
    deployed = _told(folder).get("tokens_deployed")
    return pq.read_table(folder / "hits.parquet"), pq.read_table(folder / "truth.parquet"), deployed


def judge(job: Job) -> Row:
    """Return the figures of one world."""
    hits, truth, deployed = job.make()
    began = time.perf_counter()
    result = ds.reclassify(hits, tokens_deployed=deployed)
    seconds = time.perf_counter() - began
    visits, estimate = result.visits, result.estimate
    shared, known = _shared(visits, truth)
    rest = (_texts(visits, "evidence") == "model") & known
    hard = _hard(visits)[rest]
    true = float(shared[rest].mean()) if rest.any() else 0.0
    row: Row = {"group": job.group, "name": job.name, "hits": hits.num_rows, "seconds": seconds}
    row |= {"arrivals": visits.num_rows, "without_truth": int((~known).sum())}
    row |= {"visits": int(rest.sum()), "true": true, "status": estimate.status}
    row |= {"low": estimate.low, "high": estimate.high, "bound": estimate.upper_bound}
    ours = _numbers(visits, "probability")[rest]
    row["ours"] = _figures(estimate.share, ours, shared[rest], hard)
    for name, method in BASELINES.items():
        answer = method(visits)
        row[name] = _figures(answer.share, answer.probability[rest], shared[rest], hard)
    ceiling = supervised(visits, shared)
    row["ceiling"] = _figures(ceiling.share, ceiling.probability[rest], shared[rest], hard)
    return row


def _shared(visits: pa.Table, truth: pa.Table) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return for each visit whether it was passed on, and whether that is known.

    Both sides name it in `arrival`. A reload that does not say so begins a visit without truth.
    """
    told = np.asarray(truth["arrival"])
    order = np.argsort(told)
    asked = np.asarray(visits["arrival"].fill_null(-1))
    place = np.minimum(np.searchsorted(told[order], asked), len(told) - 1)
    known = told[order][place] == asked
    return np.asarray(truth["shared"], bool)[order][place] & known, known


def _texts(visits: pa.Table, name: str) -> NDArray[Any]:
    if name not in visits.column_names:
        return np.full(visits.num_rows, "")
    return np.asarray(visits[name].cast(pa.string()).fill_null("").to_pylist())


def _numbers(visits: pa.Table, name: str) -> NDArray[np.float64]:
    return np.asarray(visits[name].cast(pa.float64()).fill_null(np.nan), float)


def _hard(visits: pa.Table) -> NDArray[np.bool_]:
    """Return the hard stratum: deep pages, not known to be seen before, normal navigation."""
    urls = visits["url"].combine_chunks().dictionary_encode()
    deep = np.array([page_class(path_of(url)) == 2 for url in urls.dictionary.to_pylist()])
    seen = np.isin(_texts(visits, "url_seen"), ["true", "1"])
    normal = np.isin(_texts(visits, "navigation"), ["", "navigate"])
    return np.asarray(deep[np.asarray(urls.indices)] & ~seen & normal)


def _figures(
    share: float | None, p: NDArray[np.float64], y: NDArray[np.bool_], hard: NDArray[np.bool_]
) -> Row:
    if np.isnan(p).any() or not len(p):
        return {"share": share, "auc": None, "hard": None, "ece": None}
    return {"share": share, "auc": auc(p, y), "hard": auc(p[hard], y[hard]), "ece": ece(p, y)}


def auc(p: NDArray[np.float64], y: NDArray[np.bool_]) -> float | None:
    """Return the probability that a passed-on visit scores higher than another; ties halve."""
    if y.all() or not y.any():
        return None
    _, place, count = np.unique(p, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2
    ones = int(y.sum())
    return float((rank[place][y].sum() - ones * (ones + 1) / 2) / (ones * (len(y) - ones)))


def ece(p: NDArray[np.float64], y: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten bins of equal width."""
    place = np.minimum((p * BINS).astype(int), BINS - 1)
    gap = np.bincount(place, p, BINS) - np.bincount(place, y.astype(float), BINS)
    return float(np.abs(gap).sum() / len(p))


def run(options: argparse.Namespace) -> list[Row]:
    """Judge the worlds that no earlier run has judged; return all rows that were asked for."""
    file = Path(options.results)
    if options.fresh:
        file.unlink(missing_ok=True)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    known = {row["name"]: row for row in map(json.loads, lines)}
    asked = [job for job in jobs(options) if not options.only or job.group in options.only]
    for number, job in enumerate(asked, 1):
        if job.name in known:
            continue
        row = known[job.name] = judge(job)
        with file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
        share = row["ours"]["share"]
        said = "none" if share is None else f"{100 * share:.1f} %"
        print(
            f"{number} of {len(asked)} {job.name}: true {100 * row['true']:.1f} %, ours {said} "
            f"({100 * row['low']:.1f} to {100 * row['high']:.1f}), {row['status']}, "
            f"{row['seconds']:.1f} s",
            flush=True,
        )
    return [known[job.name] for job in asked]


def errors(rows: list[Row], method: str = "ours") -> list[float]:
    """Return signed errors in points, where the method names a share."""
    return [
        100 * (row[method]["share"] - row["true"])
        for row in rows
        if row[method]["share"] is not None
    ]


def absolute(rows: list[Row], method: str = "ours") -> list[float]:
    return [abs(error) for error in errors(rows, method)]


def widths(rows: list[Row]) -> list[float]:
    return [100 * (row["high"] - row["low"]) for row in rows]


def coverage(rows: list[Row]) -> float:
    inside = [row["low"] - 1e-9 <= row["true"] <= row["high"] + 1e-9 for row in rows]
    return 100 * sum(inside) / len(inside) if inside else float("nan")


def average(rows: list[Row], method: str, figure: str) -> float:
    found = [row[method][figure] for row in rows if row[method][figure] is not None]
    return statistics.fmean(found) if found else float("nan")


def gaps(rows: list[Row]) -> float:
    """Return by how much ours misses the ceiling in the hard stratum, on average."""
    found = [
        row["ceiling"]["hard"] - row["ours"]["hard"]
        for row in rows
        if row["ceiling"]["hard"] is not None and row["ours"]["hard"] is not None
    ]
    return statistics.fmean(found) if found else float("nan")


def mean(values: list[float]) -> float:
    return statistics.fmean(values) if values else float("nan")


def high(values: list[float], part: float) -> float:
    return float(np.quantile(values, part)) if values else float("nan")


def say(form: str, *numbers: float) -> str:
    """Return numbers as text, a hyphen for each that there is none of."""
    return " / ".join("-" if np.isnan(number) else format(number, form) for number in numbers)


def scenario_rows(groups: dict[str, list[Row]]) -> Iterator[tuple[str, ...]]:
    """Yield a line a group: ours, the ceiling, and the baselines' signed errors."""
    for name, rows in groups.items():
        named = len(errors(rows))
        yield (
            name,
            f"{len(rows)}" if named == len(rows) else f"{named} of {len(rows)}",
            say(".1f", 100 * mean([row["true"] for row in rows])),
            say("+.1f", mean(errors(rows))),
            say(".1f", mean(absolute(rows))),
            say(".0f", coverage(rows)),
            say(".1f", high(widths(rows), 0.5)),
            say(".3f", average(rows, "ours", "auc"), average(rows, "ceiling", "auc")),
            say(".3f", average(rows, "ours", "hard"), average(rows, "ceiling", "hard")),
            say(".3f", average(rows, "ours", "ece")),
            *(say("+.1f", mean(errors(rows, method))) for method in BASELINES),
        )


SCENARIO_HEADS = (
    "worlds", "named a share", "true %", "error", "absolute", "covered %", "width",
    "AUC / ceiling", "hard AUC / ceiling", "ECE", *(f"{name} error" for name in BASELINES),
)  # fmt: skip


def method_rows(rows: list[Row]) -> Iterator[tuple[str, ...]]:
    """Yield a line a method: errors, AUC and calibration over the same worlds."""
    for method in ("ours", *BASELINES, "ceiling"):
        found = absolute(rows, method)
        yield (
            method,
            say("+.1f", mean(errors(rows, method))),
            say(".1f", *spread(found)),
            *(say(".3f", average(rows, method, figure)) for figure in FIGURES),
        )


def spread(values: list[float]) -> tuple[float, float, float]:
    """Return mean, median and 90th percentile."""
    return mean(values), high(values, 0.5), high(values, 0.9)


def acceptance(groups: dict[str, list[Row]]) -> Iterator[tuple[str, str, str, str]]:
    """Yield measured figures beside what must be reached and what is aimed at."""

    def of(name: str) -> list[Row]:
        return groups.get(name, [])

    drawn, news, few = of("folder") or of("random"), of("news"), of("few_shares")
    asked, none = of(SURVEY), [100 * row["high"] for row in of("no_shares")]
    sure = [row for row in of(SHUFFLED) if row["status"] == "identified" and row["low"] > 0]
    rate = [1e6 * row["seconds"] / row["arrivals"] for row in news]
    rows = (
        ("coverage of the 90 % interval, %", say(".0f", coverage(drawn)), "86-97", "88-92"),
        (
            "error in points: mean / median / 90th percentile",
            say(".2f", *spread(absolute(drawn))),
            "3.5 / 2.5 / 7",
            "2 / 1.2 / 4",
        ),
        ("median width in points", say(".1f", high(widths(drawn), 0.5)), "16", "8"),
        (
            "with a survey: mean error / median width",
            say(".2f", mean(absolute(asked)), high(widths(asked), 0.5)),
            "2.5 / 10",
            "1.5 / 6",
        ),
        (
            "bias on news / shop",
            say("+.2f", mean(errors(news)), mean(errors(of("shop")))),
            "1.5",
            "0.5",
        ),
        (
            "few shares: error / width",
            say(".2f", mean(absolute(few)), mean(widths(few))),
            "1 / 3",
            "0.3 / 1",
        ),
        ("no shares: upper end", say(".2f", max(none, default=np.nan)), "2", "1"),
        ("AUC", say(".3f", average(drawn, "ours", "auc")), "0.90", "0.93"),
        ("gap to the ceiling in the hard stratum", say(".3f", gaps(drawn)), "0.05", "0.01"),
        (
            "calibration error: news / random worlds",
            say(".3f", average(news, "ours", "ece"), average(drawn, "ours", "ece")),
            "0.02 / 0.06",
            "0.01 / 0.02",
        ),
        ("shuffled tokens: confident positives", f"{len(sure)} of {len(of(SHUFFLED))}", "0", "0"),
        ("seconds for a million visits, at the rate of news", say(".1f", mean(rate)), "20", "20"),
    )
    yield from rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--worlds", type=int, default=120)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--survey", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--results", default=f"{tempfile.gettempdir()}/estimator.jsonl")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--folder")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    groups: dict[str, list[Row]] = {}
    for row in run(options):
        groups.setdefault(row["group"], []).append(row)
    print(f"\n{machine('chdb', 'numpy', 'pyarrow')}; scale {options.scale:g}\n")
    print(table(SCENARIO_HEADS, scenario_rows(groups)), end="\n\n")
    drawn = groups.get("folder") or groups.get("random") or []
    heads = ("method", "error", "absolute: mean / median / 90th", "AUC", "hard AUC", "ECE")
    print(table(heads, method_rows(drawn)), end="\n\n")
    print(table(("acceptance", "measured", "must reach", "aim"), acceptance(groups)))


if __name__ == "__main__":
    main()
