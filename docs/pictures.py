"""Draws the pictures of docs/estimator.md: `python docs/pictures.py [WORLDS]`.

Random worlds of the simulator, at a third of their size, are reclassified; needs matplotlib.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

import darksocial as ds

FOLDER = Path(__file__).parent
SCALE = 0.33
BINS = np.linspace(0, 1, 11)


def main(worlds: int) -> None:
    rows, scores, shared = [], [], []
    for seed in range(1000, 1000 + worlds):
        world = ds.simulate("random", seed=seed, scale=SCALE)
        result = ds.reclassify(world.hits.to_pandas())
        left = result.visits[result.visits["evidence"] == "model"]
        truth = world.truth.to_pandas().set_index("arrival")["shared"]
        true = truth.reindex(left["arrival"]).to_numpy().astype(float)
        rows.append((true.mean(), result.estimate))
        if result.estimate.share is not None:
            scores.append(left["probability"].to_numpy(float))
            shared.append(true)
    intervals(rows)
    calibration(np.concatenate(scores), np.concatenate(shared))


def intervals(rows: list[tuple[float, ds.Estimate]]) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    figure = Figure(figsize=(8, 4), layout="constrained")
    ax = figure.subplots()
    for place, (true, estimate) in enumerate(rows):
        colour = "#1f6f8b" if estimate.share is not None else "#bbbbbb"
        ax.plot([place, place], [100 * estimate.low, 100 * estimate.high], color=colour)
        if estimate.share is not None:
            ax.plot(place, 100 * estimate.share, "o", color=colour, markersize=3)
        ax.plot(place, 100 * true, "_", color="#d1495b", markersize=8)
    ax.set_xlabel("random worlds, by their true share")
    ax.set_ylabel("% of the untagged rest")
    ax.set_title("Intervals (blue; grey: bounds alone) and the truth (red)", fontsize=10)
    figure.savefig(FOLDER / "estimator-intervals.png", dpi=110)
    told = [(t, e) for t, e in rows if e.share is not None]
    held = np.mean([e.low <= t <= e.high for t, e in told])
    off = np.array([100 * abs((e.share or 0) - t) for t, e in told])
    width = np.median([100 * (e.high - e.low) for _, e in told])
    print(f"{len(told)} of {len(rows)} worlds: coverage {held:.2f}, error mean {off.mean():.1f}, "
          f"median {np.median(off):.1f}, 90th percentile {np.quantile(off, 0.9):.1f}, "
          f"median width {width:.1f} points")  # fmt: skip


def calibration(scores: np.ndarray, shared: np.ndarray) -> None:
    place = np.clip(np.digitize(scores, BINS) - 1, 0, len(BINS) - 2)
    inside = [place == k for k in range(len(BINS) - 1) if (place == k).any()]
    figure = Figure(figsize=(4.5, 4.5), layout="constrained")
    ax = figure.subplots()
    ax.plot([0, 1], [0, 1], color="#bbbbbb")
    ax.plot([scores[k].mean() for k in inside], [shared[k].mean() for k in inside], "o-",
            color="#1f6f8b")  # fmt: skip
    ax.set_xlabel("probability given")
    ax.set_ylabel("part of these visits that were shares")
    figure.savefig(FOLDER / "estimator-calibration.png", dpi=110)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
