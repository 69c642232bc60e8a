"""Arrivals as columns, and those that nobody passed on: search, typed addresses and so on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from darksocial.simulator import clients
from darksocial.simulator.pages import SLOT, SLOTS_A_DAY, Floats, Pages, hour_weights, popularity
from darksocial.simulator.pages import trends as draw_trends
from darksocial.simulator.world import World

CHANNELS = (
    "search",
    "social",
    "referral",
    "ai",
    "newsletter",
    "campaign",
    "typed",
    "bookmark",
    "app",
    "staff",
    "tv",
    "blast",
    "own",
    "share",
)
CODE = {name: code for code, name in enumerate(CHANNELS)}


@dataclass(frozen=True, slots=True)
class Habit:
    """How people come through a channel.

    `front`: part that lands on the home page or a section. `follow`: how far it follows trends.
    `returning`: part of returning readers; `seen`: part of those who know the deep page already.
    `lasting`: whether old pages count as much as new ones. `mobile` is added to the site's.
    """

    front: float
    follow: float
    returning: float
    seen: float
    lasting: bool = False
    mobile: float = 0.0


HABITS = {
    "search": Habit(0.15, 0.6, 0.25, 0.12, True, 0.05),
    "social": Habit(0.03, 1.2, 0.20, 0.05, False, 0.2),
    "referral": Habit(0.12, 1.0, 0.20, 0.08, True, -0.1),
    "ai": Habit(0.10, 0.3, 0.15, 0.08, True, -0.2),
    "newsletter": Habit(0.10, 0.2, 0.85, 0.06, False, 0.0),
    "campaign": Habit(0.35, 0.0, 0.15, 0.05, True, 0.1),
    "typed": Habit(0.82, 0.3, 0.80, 0.85, False, -0.1),
    "bookmark": Habit(0.55, 0.5, 0.97, 0.95, True, -0.15),
    "app": Habit(0.02, 1.0, 0.35, 0.05, False, 0.35),
    "staff": Habit(0.20, 0.3, 0.97, 0.60, False, -0.5),
    "tv": Habit(0.88, 0.0, 0.30, 0.10, False, 0.25),
    "blast": Habit(0.0, 0.0, 0.80, 0.05, False, 0.1),
    "own": Habit(0.0, 0.0, 1.0, 1.0),
    "share": Habit(0.04, 0.0, 0.30, 0.07),
}


@dataclass(slots=True)
class Arrivals:
    """Columns of equal length. `ts` in seconds after the begin; `visitor` numbers people, those
    below the pool's size return; `share` is the number of the share that brought it or -1."""

    ts: Floats
    page: NDArray[np.int32]
    channel: NDArray[np.int8]
    client: NDArray[np.int8]
    visitor: NDArray[np.int64]
    returning: NDArray[np.bool_]
    seen: NDArray[np.bool_]
    share: NDArray[np.int64]
    tagged: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ts)

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Arrivals:
        """Return the chosen rows."""
        return Arrivals(**{f.name: getattr(self, f.name)[which] for f in fields(self)})


def concat(parts: Sequence[Arrivals]) -> Arrivals:
    """Return all rows, one part after the other."""
    names = [f.name for f in fields(Arrivals)]
    return Arrivals(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


@dataclass(slots=True)
class People:
    """Who may come: a pool of returning readers, sorted by client, and any number of others."""

    start: NDArray[np.int64]
    size: NDArray[np.int64]
    fresh: int

    def draw(
        self,
        rng: np.random.Generator,
        client: NDArray[np.int8],
        returning: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """Return a person for each client; returning ones are few and come often."""
        count = len(client)
        kind = client.astype(np.int64)
        rank = (self.size[kind] * rng.random(count) ** 1.5).astype(np.int64)
        known = self.start[kind] + np.minimum(rank, np.maximum(self.size[kind] - 1, 0))
        new = self.fresh + np.arange(count)
        self.fresh += count
        return np.where(returning, known, new)


def people(world: World, rng: np.random.Generator) -> People:
    """Draw the pool of returning readers."""
    count = max(int(world.visits * world.pool), 50)
    drawn = clients.draw(rng, np.full(count, world.mobile))
    size = np.maximum(np.bincount(drawn, minlength=len(clients.CLIENTS)), 1).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    return People(start, size, int(size.sum()))


def _habits(world: World, rng: np.random.Generator) -> dict[str, Habit]:
    """Return the habits of this world's people."""

    def moved(part: float) -> float:
        drawn = float(rng.normal(0.0, world.habit_spread))
        return part if part in (0.0, 1.0) else 1 / (1 + (1 / part - 1) * np.exp(-drawn))

    return {
        name: replace(
            habit,
            front=moved(habit.front),
            follow=habit.follow * float(np.exp(rng.normal(0.0, world.habit_spread))),
            returning=moved(habit.returning),
            seen=moved(habit.seen),
            mobile=habit.mobile + float(rng.normal(0.0, world.habit_spread / 5)),
        )
        for name, habit in HABITS.items()
    }


class Scene:
    """What all stages of one simulation share."""

    def __init__(self, world: World, pages: Pages, seed: Sequence[int]) -> None:
        self.world = world
        self.pages = pages
        self._seed = list(seed)
        rng = self.rng("scene")
        self.hours = hour_weights(world)
        self.people = people(world, rng)
        self.fresh, self.lasting = popularity(world, pages, rng)
        self.trends = draw_trends(world, pages, rng)
        self.habits = _habits(world, self.rng("habits"))
        self.front = rng.dirichlet(np.full(pages.front - 1, 2.0)) if pages.front > 1 else None

    def rng(self, stage: str) -> np.random.Generator:
        """Return the stage's own generator, so that one stage's options leave others alone."""
        return np.random.default_rng([*self._seed, *stage.encode()])

    def moment(self, rng: np.random.Generator, slot: NDArray[np.int64]) -> Floats:
        """Return a time in each slot, in the rhythm of its hours."""
        parts = self.hours.reshape(SLOTS_A_DAY, -1)
        cumulated = np.cumsum(parts, axis=1) / parts.sum(axis=1, keepdims=True)
        drawn = rng.random(len(slot))
        hour = (drawn[:, None] > cumulated[slot % SLOTS_A_DAY]).sum(axis=1)
        return np.asarray(slot * SLOT + np.minimum(hour, 5) * 3600 + rng.random(len(slot)) * 3600)

    def arrive(
        self,
        rng: np.random.Generator,
        channel: str,
        ts: Floats,
        page: NDArray[np.int32],
        client: NDArray[np.int8] | None = None,
    ) -> Arrivals:
        """Return arrivals through a channel: who they are follows from its habit."""
        habit, count, world = self.habits[channel], len(ts), self.world
        if client is None:
            mobile = float(np.clip(world.mobile + habit.mobile, 0.03, 0.97))
            client = clients.draw(rng, np.full(count, mobile))
        loyal = habit.returning * world.loyal
        returning = rng.random(count) < min(loyal, 0.5 + habit.returning / 2)
        deep = page >= self.pages.front
        seen = returning & (rng.random(count) < np.where(deep, habit.seen, 0.95))
        visitor = self.people.draw(rng, client, returning)
        return Arrivals(
            ts, page.astype(np.int32), np.full(count, CODE[channel], np.int8), client, visitor,
            returning, seen, np.full(count, -1, np.int64), np.zeros(count, np.bool_),
        )  # fmt: skip

    def _unrest(self, rng: np.random.Generator) -> Floats:
        """Return a channel's own ups and downs by slot: from day to day, and one that lasts."""
        days, sigma = self.world.days, self.world.unrest
        daily = rng.lognormal(0.0, sigma, days)
        daily[int(rng.integers(0, days)) :] *= rng.lognormal(0.0, sigma)
        return np.repeat(daily, SLOTS_A_DAY)

    def deep_rates(self, rng: np.random.Generator, channel: str) -> Floats:
        """Return how a channel's deep arrivals are spread over slots and pages; sums to 1."""
        habit = self.habits[channel]
        follow = habit.follow
        if channel in ("typed", "bookmark", "staff"):
            follow *= self.world.direct_load
        tilt = rng.lognormal(0.0, self.world.tilt, self.world.pages)
        base = self.lasting if habit.lasting else self.fresh
        rates = base * (1 + follow * self.trends) * tilt[None, :] * self._unrest(rng)[:, None]
        return np.asarray(rates / rates.sum())


def ordinary(scene: Scene, total: float) -> Arrivals:
    """Draw the arrivals that no share brought, about `total` of them."""
    mix = scene.world.channels
    whole = sum(mix.values())
    parts = [_through(scene, name, total * part / whole) for name, part in mix.items() if part]
    return concat(parts)


def _through(scene: Scene, channel: str, volume: float) -> Arrivals:
    rng = scene.rng(f"arrivals {channel}")
    habit = scene.habits[channel]
    deep = rng.poisson(scene.deep_rates(rng, channel) * volume * (1 - habit.front))
    slot, page = np.nonzero(deep)
    times = deep[slot, page]
    slots, pages = np.repeat(slot, times), np.repeat(page, times) + scene.pages.front
    front_slots, front_pages = _front(scene, rng, volume * habit.front)
    slots = np.concatenate([slots, front_slots])
    pages = np.concatenate([pages, front_pages])
    ts = scene.moment(rng, slots)
    if channel == "newsletter":
        morning = _mornings(scene, rng, ts)
        ts = np.where(morning < scene.pages.born[pages], ts, morning)
    return scene.arrive(rng, channel, ts, pages.astype(np.int32))


def _front(
    scene: Scene, rng: np.random.Generator, volume: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return slots and pages of arrivals at the home page (four of five) and at sections."""
    busy = scene.pages.slots / scene.pages.slots.sum()
    slots = np.repeat(np.arange(len(busy)), rng.poisson(busy * volume))
    page = np.zeros(len(slots), np.int64)
    if scene.front is not None:
        sections = 1 + rng.choice(len(scene.front), len(slots), p=scene.front)
        page = np.where(rng.random(len(slots)) < 0.8, 0, sections)
    return slots, page


def _mornings(scene: Scene, rng: np.random.Generator, ts: Floats) -> Floats:
    """Move arrivals behind the sending of a letter at seven, most of them within hours."""
    day = ts // 86400
    sent = day * 86400 + (7 - scene.world.zone_hours) * 3600
    return np.asarray(sent + rng.lognormal(np.log(5400), 1.2, len(ts)))
