"""Arrivals that look like shares and are none: letters, television, aggregators."""

from __future__ import annotations

import numpy as np

from darksocial.simulator import clients
from darksocial.simulator.arrivals import Arrivals, Scene


def blast(scene: Scene, total: float) -> Arrivals | None:
    """Return readers of one untagged letter, sent at ten on some day to a few deep pages."""
    rng = scene.rng("blast")
    count = int(rng.poisson(total * scene.world.blast))
    if not count:
        return None
    day = int(rng.integers(scene.world.days // 4, max(scene.world.days - 2, 1) + 1))
    sent = day * 86400 + (10 - scene.world.zone_hours) * 3600
    ts = sent + rng.lognormal(np.log(2.5 * 3600), 1.1, count)
    there = np.flatnonzero(scene.pages.born[scene.pages.front :] < day * 86400)
    pages = rng.choice(there, min(4, len(there)), replace=False) + scene.pages.front
    page = rng.choice(pages, count, p=_falling(len(pages)))
    return _within(scene, scene.arrive(rng, "blast", ts, page.astype(np.int32)))


def television(scene: Scene, total: float) -> Arrivals | None:
    """Return viewers of some spots: within minutes, most to the home page."""
    rng = scene.rng("tv")
    count = int(rng.poisson(total * scene.world.tv))
    if not count:
        return None
    spots = rng.integers(0, scene.world.days, 4) * 86400.0
    spots += (rng.uniform(19, 22, 4) - scene.world.zone_hours) * 3600
    which = rng.integers(0, 4, count)
    ts = spots[which] + rng.exponential(600, count)
    named = rng.integers(scene.pages.front, scene.pages.front + scene.world.pages, 4)
    page = np.where(rng.random(count) < 0.12, named[which], 0)
    return _within(scene, scene.arrive(rng, "tv", ts, page.astype(np.int32)))


def echo(scene: Scene, shared: Arrivals) -> Arrivals | None:
    """Return clicks from aggregating applications, which list what people pass on."""
    rng = scene.rng("echo")
    count = int(rng.poisson(len(shared) * scene.world.app_echo))
    if not count:
        return None
    which = rng.integers(0, len(shared), count)
    ts = shared.ts[which] + rng.lognormal(np.log(2 * 3600), 1.0, count)
    handheld = clients.draw(rng, np.full(count, 0.93))
    return _within(scene, scene.arrive(rng, "app", ts, shared.page[which], handheld))


def _falling(count: int) -> list[float]:
    weights = [0.5**place for place in range(count)]
    return [weight / sum(weights) for weight in weights]


def _within(scene: Scene, found: Arrivals) -> Arrivals:
    end = scene.world.days * 86400.0
    return found.take((found.ts >= 0) & (found.ts < end))
