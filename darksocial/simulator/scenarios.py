"""Worlds by name, and worlds drawn at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from darksocial.errors import InputError
from darksocial.simulator.applications import NAMES
from darksocial.simulator.world import NEWS_MIX, World

RANDOM = "random"
SILENT = ("Signal", "iMessage", "Outlook", "another application")
_SHOP_MIX = {
    "search": 0.40, "social": 0.08, "referral": 0.06, "ai": 0.03, "newsletter": 0.06,
    "campaign": 0.14, "typed": 0.15, "bookmark": 0.07, "staff": 0.01,
}  # fmt: skip
_B2B_MIX = {
    "search": 0.42, "social": 0.10, "referral": 0.08, "ai": 0.06, "newsletter": 0.08,
    "campaign": 0.04, "typed": 0.12, "bookmark": 0.08, "staff": 0.02,
}  # fmt: skip

NEWS = World("news", visits=400_000, pages=2500)
SHOP = World(
    "shop", visits=250_000, pages=3000, old=0.95, tail=1.5, half_life=1200, evergreen=0.2,
    volatility=0.5, trends=0.7, direct_load=0.1, path_words=4, channels=MappingProxyType(_SHOP_MIX),
    mobile=0.65, follow=1.6, shared=0.10, virality=0.1, fan_tail=2.2, contagion=0.5,
    mint_mobile=0.35, mint_desktop=0.45,
)  # fmt: skip
B2B = World(
    "b2b_blog", visits=60_000, pages=250, old=0.85, tail=1.4, half_life=200, evergreen=0.15,
    trends=0.3, weekend=0.3, evening=0.15, channels=MappingProxyType(_B2B_MIX), mobile=0.25,
    shared=0.14, virality=0.15, sections=4, path_words=7, mint_desktop=0.5,
    applications=MappingProxyType(
        {"Slack": 2.0, "Microsoft Teams": 2.0, "Outlook": 2.0, "Notion": 2.0, "Google Docs": 2.0}
    ),
)  # fmt: skip

_NAMED = (
    NEWS,
    SHOP,
    B2B,
    replace(B2B, name="low_traffic", visits=8_000, pages=120, applications={}),
    replace(NEWS, name="device_propensity", visits=200_000, mint_mobile=0.15, mint_desktop=0.7),
    replace(NEWS, name="newsletter_blast", visits=200_000, blast=0.05),
    replace(NEWS, name="tv_spot", visits=200_000, tv=0.08),
    replace(NEWS, name="returning_heavy", visits=200_000, loyal=2.2, pool=0.05, consent=0.8),
    replace(NEWS, name="silent_channels", visits=200_000, silent=SILENT),
    replace(NEWS, name="app_clicks", visits=200_000, app_echo=0.4),
    replace(NEWS, name="cached_previews", visits=200_000, previews=1.0, cached=0.95, composer=0.6),
    replace(NEWS, name="few_shares", visits=200_000, shared=0.003),
    replace(NEWS, name="no_shares", visits=200_000, shared=0.0, composer=0.0),
)
SCENARIOS: Mapping[str, World] = MappingProxyType({world.name: world for world in _NAMED})


def world_of(scenario: str | World, seed: int = 0) -> World:
    """Return a world by name; "random" is another one for every seed."""
    if isinstance(scenario, World):
        return scenario
    if scenario == RANDOM:
        return random_world(seed)
    if scenario not in SCENARIOS:
        raise InputError(
            f"There is no scenario {scenario!r}: choose {RANDOM} or one of {', '.join(SCENARIOS)}."
        )
    return SCENARIOS[scenario]


def random_world(seed: int) -> World:
    """Return a world whose size, pages, people, sharing and nuisances are all drawn."""
    rng = np.random.default_rng([seed, 0xDA4C])
    draw = _Draw(rng)
    base = World(f"random_{seed}", visits=int(draw.log(20_000, 400_000)))
    return replace(
        base,
        **_site(draw),  # type: ignore[arg-type]
        **_people(draw),  # type: ignore[arg-type]
        **_sharing(draw),  # type: ignore[arg-type]
        **_nuisances(draw),  # type: ignore[arg-type]
    )


class _Draw:
    """Draws numbers as worlds need them."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def flat(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def log(self, low: float, high: float) -> float:
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def one(self, *words: str) -> str:
        return str(self.rng.choice(words))

    def maybe(self, chance: float, value: float, otherwise: float = 0.0) -> float:
        return value if self.rng.random() < chance else otherwise


def _site(draw: _Draw) -> dict[str, object]:
    return {
        "days": int(draw.rng.choice([14, 21, 28, 28, 42])),
        "zone_hours": float(draw.rng.integers(-8, 10)),
        "night": draw.log(0.03, 0.4),
        "evening": draw.flat(0.05, 0.85),
        "weekend": draw.flat(0.25, 1.4),
        "growth": draw.flat(-0.4, 0.5),
        "sections": int(draw.rng.integers(1, 14)),
        "pages": int(draw.log(80, 4000)),
        "old": draw.flat(0.1, 0.98),
        "tail": draw.flat(0.8, 1.8),
        "half_life": draw.log(10, 1500),
        "evergreen": draw.log(0.005, 0.3),
        "tilt": draw.flat(0.2, 0.9),
        "volatility": draw.flat(0.05, 1.0),
        "trends": draw.log(0.2, 6),
        "trend_size": draw.log(1, 6),
        "direct_load": draw.flat(0.0, 0.5),
        "fading": draw.one("exponential", "exponential", "power"),
        "unrest": draw.flat(0.0, 0.4),
        "paths": draw.one("sections", "sections", "sections", "dated", "flat", "numbered"),
        "path_words": draw.flat(2.5, 9),
    }


def _people(draw: _Draw) -> dict[str, object]:
    mix = {name: part * draw.rng.lognormal(0, 0.6) for name, part in NEWS_MIX.items()}
    direct = draw.rng.lognormal(0, 0.5)
    mix["typed"] *= direct
    mix["bookmark"] *= direct
    mix["app"] *= draw.maybe(0.5, 1.0)
    mix["ai"] *= draw.maybe(0.7, 1.0)
    return {
        "channels": MappingProxyType(mix),
        "habit_spread": draw.flat(0.0, 0.5),
        "mobile": draw.flat(0.2, 0.8),
        "loyal": draw.flat(0.5, 1.8),
        "pool": draw.log(0.05, 0.5),
        "consent": draw.maybe(0.7, draw.flat(0.1, 1.0)),
        "fetch_site": draw.maybe(0.5, draw.flat(0.5, 1.0)),
        "follow": draw.log(0.2, 2.0),
    }


def _sharing(draw: _Draw) -> dict[str, object]:
    used = {name: float(draw.rng.lognormal(0, 0.8)) for name in NAMES}
    silent = draw.rng.choice(NAMES, int(draw.rng.choice([0, 0, 1, 2, 4])), replace=False)
    base = draw.flat(0.12, 0.75)
    apart = draw.rng.normal(0, 0.35)
    return {
        "shared": draw.maybe(0.35, draw.log(0.01, 0.3), draw.flat(0.1, 0.55)),
        "virality": draw.flat(0.02, 0.45),
        "fan_tail": draw.flat(1.25, 3.0),
        "contagion": draw.flat(0.3, 1.3),
        "audience": draw.one("pareto", "pareto", "geometric"),
        "delay": draw.log(0.4, 3.0),
        "delays": draw.one("lognormal", "lognormal", "power", "exponential"),
        "applications": MappingProxyType(used),
        "evidence": draw.log(0.3, 1.6),
        "evidence_spread": draw.flat(0.0, 0.5),
        "mint_mobile": float(np.clip(base * np.exp(apart), 0.05, 0.9)),
        "mint_desktop": float(np.clip(base * np.exp(-apart), 0.05, 0.9)),
        "mint_spread": draw.flat(0.05, 0.8),
        "mint_fan": draw.maybe(0.3, draw.flat(0.0, 0.25)),
        "strip": draw.log(0.005, 0.15),
        "silent": tuple(silent.tolist()),
        "inherit": draw.flat(0.3, 1.0),
        "report": draw.flat(0.85, 1.0),
        "previews": draw.maybe(0.6, draw.flat(0.3, 1.0)),
        "cached": draw.flat(0.0, 0.95),
        "composer": draw.flat(0.0, 0.6),
    }


def _nuisances(draw: _Draw) -> dict[str, object]:
    return {
        "search_lost": draw.log(0.005, 0.12),
        "social_lost": draw.log(0.01, 0.15),
        "referral_lost": draw.flat(0.02, 0.3),
        "newsletter_tagged": draw.flat(0.3, 1.0),
        "webmail_shows": draw.flat(0.0, 0.15),
        "blast": draw.maybe(0.3, draw.log(0.005, 0.05)),
        "tv": draw.maybe(0.25, draw.log(0.01, 0.08)),
        "app_echo": draw.maybe(0.3, draw.log(0.05, 0.5)),
        "bots": draw.flat(0.0, 0.05),
    }
