"""Shares and the arrivals that they bring, generation by generation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from darksocial.simulator import clients
from darksocial.simulator.applications import APPLICATIONS, NAMES
from darksocial.simulator.arrivals import CHANNELS, Arrivals, Scene, concat
from darksocial.simulator.pages import Floats

GENERATIONS = 12
LARGEST = 3000  # recipients of one share that come
SAME_DEVICE = 0.25  # part of recipients who read on the sharer's kind of device
OWN_LOOK = 0.05  # sharers who open the link they have just made
METHODS = ("copy", "copy_button", "share_sheet", "share_link", "context_menu")
_MOBILE_METHODS = (0.25, 0.25, 0.42, 0.07, 0.01)
_DESKTOP_METHODS = (0.55, 0.24, 0.03, 0.08, 0.10)
# Who passes on more: by channel of arrival, relative to a reader from a search engine.
EAGER = {"share": 1.6, "social": 1.3, "newsletter": 1.4, "typed": 1.2, "bookmark": 0.9, "app": 1.2}


@dataclass(slots=True)
class Shares:
    """Columns of equal length, a row a share. `minted` says whether it got a token, `held`
    whether the holdout kept it from one; `token` is the share whose token the link carries or
    -1: its own, or the one with which the sharer came; `parent` is the share that brought the
    sharer or -1, `parent_token` the share whose token came along; `size` counts recipients."""

    ts: Floats
    page: NDArray[np.int32]
    client: NDArray[np.int8]
    visitor: NDArray[np.int64]
    application: NDArray[np.int8]
    method: NDArray[np.int8]
    minted: NDArray[np.bool_]
    held: NDArray[np.bool_]
    token: NDArray[np.int64]
    parent: NDArray[np.int64]
    parent_token: NDArray[np.int64]
    size: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ts)


def no_shares() -> Shares:
    """Return shares without a row."""
    empty = np.zeros(0)
    kinds = (float, "i4", "i1", "i8", "i1", "i1", "?", "?", "i8", "i8", "i8", "i8")
    return Shares(*(empty.astype(kind) for kind in kinds))


def _joined(parts: Sequence[Shares]) -> Shares:
    names = [f.name for f in fields(Shares)]
    return Shares(**{n: np.concatenate([getattr(part, n) for part in parts]) for n in names})


class Cascade:
    """Lets readers pass links on until nobody does."""

    def __init__(self, scene: Scene, holdout: float) -> None:
        self._scene = scene
        self._world = scene.world
        self._holdout = holdout
        self._rng = scene.rng("cascade")
        self._choice = _choices(scene)
        self._mint = self._propensity()
        self._found: list[Shares] = []
        self._count = 0

    def run(self, readers: Arrivals, wanted: float) -> tuple[Shares, Arrivals | None]:
        """Return all shares and the arrivals they bring, expected to be about `wanted`."""
        eagerness = self._eagerness(readers)
        first = wanted * (1 - self._world.virality)
        chance = eagerness * first / max(eagerness.sum() * self._mean_size(), 1e-9)
        brought: list[Arrivals] = []
        for _ in range(GENERATIONS):
            arrived = self._generation(readers, chance)
            if arrived is None or not len(arrived):
                break
            brought.append(arrived)
            readers = arrived
            eagerness = self._eagerness(readers)
            scale = self._world.virality / self._mean_size()
            chance = scale * eagerness / max(float(eagerness.mean()), 1e-9)
        shares = _joined(self._found) if self._found else no_shares()
        return shares, concat(brought) if brought else None

    def _generation(self, readers: Arrivals, chance: Floats) -> Arrivals | None:
        acts = self._rng.random(len(readers)) < np.minimum(chance, 0.6)
        if not acts.any():
            return None
        shares = self._share(readers.take(acts))
        self._found.append(shares)
        number = self._count + np.repeat(np.arange(len(shares)), shares.size)
        self._count += len(shares)
        return self._receive(shares, number) if len(number) else None

    def _eagerness(self, readers: Arrivals) -> Floats:
        by_channel = np.array([EAGER.get(name, 1.0) for name in CHANNELS])
        return np.asarray(self._scene.pages.charm[readers.page] * by_channel[readers.channel])

    def _mean_size(self) -> float:
        """Return how many recipients a share brings on average."""
        rng = np.random.default_rng(1)
        kinds = rng.choice(len(NAMES), 20_000, p=self._choice.mean(axis=0))
        return float(self._sizes(rng, kinds.astype(np.int8)).mean())

    def _sizes(self, rng: np.random.Generator, kinds: NDArray[np.int8]) -> NDArray[np.int64]:
        """Return audiences: often nobody comes, seldom very many."""
        fan = np.array([application.fan for application in APPLICATIONS])[kinds]
        if self._world.audience == "geometric":
            return rng.geometric(1 / (1 + fan)) - 1
        size = fan * 0.7 * (rng.pareto(self._world.fan_tail, len(kinds)) + 0.2)
        return rng.poisson(np.minimum(size, LARGEST))

    def _share(self, sharers: Arrivals) -> Shares:
        rng, count = self._rng, len(sharers)
        mobile = clients.MOBILE[sharers.client].astype(int)
        cumulated = np.cumsum(self._choice, axis=1)[mobile]
        kinds = (rng.random(count)[:, None] > cumulated).sum(axis=1)
        kinds = np.minimum(kinds, len(NAMES) - 1).astype(np.int8)
        size = self._sizes(rng, kinds)
        chance = self._mint[mobile, kinds]
        if self._world.mint_fan:
            chance = chance * (1 + size) ** -self._world.mint_fan
        minted = rng.random(count) < chance
        held = minted & (_lot(sharers.visitor) < self._holdout)
        minted &= ~held
        silent = np.array([name in self._world.silent for name in NAMES])[kinds]
        inherits = (rng.random(count) < self._world.inherit) & ~silent
        brought = np.where(sharers.tagged, self._token_of(sharers.share), -1)
        token = np.where(inherits & ~held, brought, -1)
        token = np.where(minted, self._count + np.arange(count), token)
        return Shares(
            sharers.ts + rng.lognormal(4.2, 0.8, count), sharers.page, sharers.client,
            sharers.visitor, kinds, _methods(rng, mobile), minted, held, token,
            sharers.share.copy(), brought, size,
        )  # fmt: skip

    def _token_of(self, share: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for shares by number the share whose token each carries, or -1."""
        tokens = np.concatenate([*(part.token for part in self._found), np.full(1, -1)])
        return np.asarray(tokens[share], np.int64)

    def _propensity(self) -> Floats:
        """Return the probability of a token by device (desktop, mobile) and application."""
        world = self._world
        if not world.tokens:
            return np.zeros((2, len(NAMES)))
        base = np.array([[world.mint_desktop], [world.mint_mobile]])
        differ = self._rng.normal(0.0, world.mint_spread, (1, len(NAMES)))
        odds = np.log(base / (1 - base)) + differ
        chance = 1 / (1 + np.exp(-odds))
        chance[:, [name in world.silent for name in NAMES]] = 0.0
        return np.asarray(chance)

    def _receive(self, shares: Shares, number: NDArray[np.int64]) -> Arrivals:
        """Return the recipients' arrivals; `number` has the share of each."""
        rng, scene = self._rng, self._scene
        which = number - (self._count - len(shares))
        kinds = shares.application[which]
        ts = shares.ts[which] + self._delays(kinds)
        ts = _after_waking(rng, ts, scene.world.zone_hours)
        reader = np.array([application.reader for application in APPLICATIONS])[kinds]
        reader = np.clip(reader + scene.world.mobile - 0.6, 0.03, 0.97)
        same = rng.random(len(which)) < SAME_DEVICE
        reader = np.where(same, clients.MOBILE[shares.client[which]] * 1.0, reader)
        arrived = scene.arrive(rng, "share", ts, shares.page[which], clients.draw(rng, reader))
        arrived.share = number
        arrived.tagged = (shares.token[which] >= 0) & (rng.random(len(which)) >= scene.world.strip)
        return arrived.take(ts < scene.world.days * 86400.0)

    def _delays(self, kinds: NDArray[np.int8]) -> Floats:
        median = np.array([application.minutes * 60 for application in APPLICATIONS])[kinds]
        spread = np.array([application.spread for application in APPLICATIONS])[kinds]
        return _LAWS[self._world.delays](self._rng, median * self._world.delay, spread)


def _lot(visitor: NDArray[np.int64]) -> Floats:
    """Return each person's lot in the holdout, between 0 and 1: the same for all their shares."""
    return np.asarray((visitor * 2_654_435_761 % 2**32) / 2**32)


def _lognormal(rng: np.random.Generator, median: Floats, spread: Floats) -> Floats:
    return rng.lognormal(np.log(median), spread)


def _power(rng: np.random.Generator, median: Floats, spread: Floats) -> Floats:
    return np.asarray(median * np.minimum(rng.pareto(1.6 / spread), 2_000.0))


def _exponential(rng: np.random.Generator, median: Floats, spread: Floats) -> Floats:
    return np.asarray(rng.exponential(median * 2 * spread))


_LAWS = {"lognormal": _lognormal, "power": _power, "exponential": _exponential}


def _choices(scene: Scene) -> Floats:
    """Return how often each application is used, by the sharer's device (desktop, mobile)."""
    factor = [scene.world.applications.get(name, 1.0) for name in NAMES]
    desktop = np.array([application.desktop for application in APPLICATIONS]) * factor
    mobile = np.array([application.mobile for application in APPLICATIONS]) * factor
    return np.stack([desktop / desktop.sum(), mobile / mobile.sum()])


def _methods(rng: np.random.Generator, mobile: NDArray[np.int64]) -> NDArray[np.int8]:
    cumulated = np.cumsum([_DESKTOP_METHODS, _MOBILE_METHODS], axis=1)[mobile]
    drawn = (rng.random(len(mobile))[:, None] > cumulated).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(METHODS) - 1), np.int8)


def _after_waking(rng: np.random.Generator, ts: Floats, zone_hours: float) -> Floats:
    """Put off two of three arrivals at night until the morning."""
    hour = (ts / 3600 + zone_hours) % 24
    asleep = ((hour < 6) | (hour >= 23.5)) & (rng.random(len(ts)) < 0.67)
    left = ((7 - hour) % 24) * 3600
    return np.where(asleep, ts + left + rng.exponential(3600, len(ts)), ts)


def own_looks(scene: Scene, shares: Shares) -> Arrivals | None:
    """Return arrivals of sharers who open the link that they have just made."""
    rng = scene.rng("own")
    looked = np.flatnonzero(shares.minted & (rng.random(len(shares)) < OWN_LOOK))
    if not len(looked):
        return None
    ts = shares.ts[looked] + rng.uniform(10, 120, len(looked))
    found = scene.arrive(rng, "own", ts, shares.page[looked], shares.client[looked])
    found.visitor = shares.visitor[looked]
    found.share = looked.astype(np.int64)
    found.tagged = np.ones(len(looked), np.bool_)
    return found.take(ts < scene.world.days * 86400.0)
