"""The site's pages, and how popular each is in every six hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darksocial.simulator.world import World

Floats = NDArray[np.float64]
SLOT = 6 * 3600
SLOTS_A_DAY = 4

_SECTIONS = ("city", "world", "money", "sport", "science", "culture", "travel", "opinion")
_WORDS = (
    "river",
    "harbour",
    "garden",
    "winter",
    "market",
    "school",
    "street",
    "bread",
    "night",
    "train",
    "bridge",
    "window",
    "paper",
    "summer",
    "island",
    "forest",
    "cheap",
    "quiet",
    "open",
    "early",
    "clear",
    "small",
    "great",
    "first",
    "local",
    "green",
    "behind",
    "without",
    "against",
    "after",
    "what",
    "why",
    "how",
    "where",
    "who",
    "never",
    "always",
    "again",
    "guide",
    "test",
    "review",
    "price",
    "new",
    "best",
    "old",
    "plan",
    "vote",
    "house",
    "family",
    "work",
    "team",
    "game",
    "film",
    "book",
    "song",
    "light",
    "water",
    "stone",
)


STYLES = {
    "sections": "/{section}/{slug}",
    "dated": "/2026/{month:02}/{slug}",
    "flat": "/{slug}/",
    "numbered": "/{section}/{number}.html",
}


def _halving(lives: Floats) -> Floats:
    return np.asarray(0.5**lives)


def _power(lives: Floats) -> Floats:
    return np.asarray((1 + lives) ** -1.3)


# What is left of a page's popularity after so many half-lives.
FADING: dict[str, Callable[[Floats], Floats]] = {"exponential": _halving, "power": _power}


@dataclass(frozen=True, slots=True)
class Pages:
    """The home page, sections and deep pages, in this order, by place.

    `born` is in seconds after the begin (negative: older). `charm` is how likely a page is to
    be passed on, `rates[channel]` how the deep pages' popularity is spread over slots (rows)
    and pages, summing to 1.
    """

    paths: tuple[str, ...]
    front: int
    born: Floats
    charm: Floats
    weight: Floats
    slots: Floats

    def classes(self, page: NDArray[np.int32]) -> NDArray[np.int8]:
        """Return 0 for the home page, 1 for sections, 2 for deep pages."""
        return np.where(page == 0, 0, np.where(page < self.front, 1, 2)).astype(np.int8)


def make(world: World, rng: np.random.Generator) -> Pages:
    """Draw the pages of a site."""
    span = world.days * 86400.0
    old = rng.random(world.pages) < world.old
    age = rng.exponential(120 * 86400.0, world.pages)
    born = np.where(old, -age, rng.random(world.pages) * span)
    weight = rng.lognormal(0.0, world.tail, world.pages)
    charm = rng.lognormal(0.0, world.contagion, world.pages)
    front = 1 + world.sections
    return Pages(
        _paths(world, rng),
        front,
        np.concatenate([np.full(front, -1e9), born]),
        np.concatenate([np.full(front, 0.05), charm]),
        weight,
        slot_weights(world, rng),
    )


def _paths(world: World, rng: np.random.Generator) -> tuple[str, ...]:
    names = [_SECTIONS[n % 8] + (f"-{n // 8}" if n >= 8 else "") for n in range(world.sections)]
    counts = np.clip(rng.poisson(world.path_words, world.pages), 1, 14)
    style = STYLES[world.paths]
    deep = []
    for number, count in enumerate(counts.tolist()):
        words = rng.integers(0, len(_WORDS), count).tolist()
        slug = "-".join(_WORDS[word] for word in words) + f"-{number}"
        month = int(rng.integers(1, 13))
        section = names[number % len(names)]
        deep.append(style.format(section=section, slug=slug, month=month, number=100_000 + number))
    return ("/", *(f"/{name}/" for name in names), *deep)


def hour_weights(world: World) -> Floats:
    """Return 24 weights for the hours of a day in UTC."""
    hours = np.arange(24) + world.zone_hours
    noon = np.exp(1.5 * np.cos((hours - 12.5) * np.pi / 12))
    late = np.exp(2.5 * np.cos((hours - 20.5) * np.pi / 12))
    shape = (1 - world.evening) * noon / noon.sum() + world.evening * late / late.sum()
    return np.asarray(shape / shape.sum() + world.night / 24)


def slot_weights(world: World, rng: np.random.Generator) -> Floats:
    """Return how busy each slot of the span is: day, week, growth and luck."""
    hours = hour_weights(world).reshape(SLOTS_A_DAY, -1).sum(axis=1)
    days = np.arange(world.days)
    weekday = (days + 1) % 7  # the span begins on a Tuesday
    week = np.where(weekday >= 5, world.weekend, 1.0)
    trend = np.exp(world.growth * days / max(world.days, 1))
    luck = rng.lognormal(0.0, 0.1, world.days)
    return np.asarray((week * trend * luck)[:, None] * hours[None, :]).ravel()


def trends(world: World, pages: Pages, rng: np.random.Generator) -> Floats:
    """Return by how much trends raise each deep page in each slot: mostly 0."""
    slots = world.days * SLOTS_A_DAY
    found = np.zeros((slots, world.pages))
    born = pages.born[pages.front :]
    alive = np.where(born < world.days * 86400.0, pages.weight, 0.0)
    count = int(rng.poisson(world.trends * world.days))
    chosen = rng.choice(world.pages, count, p=alive / alive.sum())
    for page in chosen.tolist():
        first = max(int(born[page] // SLOT) + 1, 0)
        start = first + int(rng.geometric(0.08)) if rng.random() < 0.7 else rng.integers(slots)
        length = min(slots - int(start), 24)
        if length > 0:
            size = min(world.trend_size * (rng.pareto(1.3) + 0.3), 200.0)
            found[start : start + length, page] += size * 0.5 ** (
                np.arange(length) / rng.uniform(0.7, 5)
            )
    return found


def popularity(world: World, pages: Pages, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return the popularity of deep pages by slot for fresh and for lasting channels."""
    slots = world.days * SLOTS_A_DAY
    middle = (np.arange(slots) + 0.5) * SLOT
    age = (middle[:, None] - pages.born[None, pages.front :]) / 3600.0
    there = (middle - SLOT / 2)[:, None] >= pages.born[None, pages.front :]
    age = np.maximum(age, 0.0)
    fade = FADING[world.fading]
    fresh = fade(age / world.half_life) + world.evergreen
    lasting = fade(age / (12 * world.half_life)) + 5 * world.evergreen
    spread = max(world.volatility, 1e-3)
    luck = rng.gamma(1 / spread, spread, age.shape)
    base = there * pages.weight[None, :] * pages.slots[:, None] * luck
    return base * fresh, base * lasting
