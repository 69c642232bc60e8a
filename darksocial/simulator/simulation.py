"""One simulation: a world lives through its days, and the tracker writes down what it saw."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from darksocial.errors import InputError
from darksocial.model import ANSWERS
from darksocial.simulator import clients, nuisances, pages
from darksocial.simulator.applications import NAMES
from darksocial.simulator.arrivals import CHANNELS, CODE, Arrivals, Scene, concat, ordinary
from darksocial.simulator.cascades import Cascade, Shares, own_looks
from darksocial.simulator.hits import Landings, Scribe
from darksocial.simulator.scenarios import world_of
from darksocial.simulator.traces import leave
from darksocial.simulator.world import World

LEAST_VISITS = 200
MOST_SCALE = 1000
_ANSWER = {"share": "shared", "typed": "typed", "bookmark": "bookmark"}


@dataclass(frozen=True, slots=True)
class Simulation:
    """Hits, and the truth beside them.

    `hits` is a frame for `ds.reclassify`, with the number of each arrival in `arrival` (null for
    other hits). `truth` has one row an arrival: `arrival`, `channel`, `application`, `shared`
    (somebody passed the link on to this reader), `lost` (shared, and no token came along),
    `token` (a token came along), `share`, `page_class` (home, section, deep), `device`,
    `returning` and `url_seen` as they are, known to the tracker or not. `shares` has one row
    a share, reported or not. `tokens_deployed` is what the site's owner knows.
    """

    world: World
    seed: int
    hits: pa.Table
    truth: pa.Table
    shares: pa.Table
    tokens_deployed: bool

    def write(self, folder: str | Path) -> None:
        """Write hits.parquet, truth.parquet, shares.parquet and world.json into a folder."""
        place = Path(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
            for name in ("hits", "truth", "shares"):
                pq.write_table(getattr(self, name), place / f"{name}.parquet")
            told = asdict(replace(self.world, channels={}, applications={}))
            told |= {"channels": dict(self.world.channels), "seed": self.seed}
            told |= {"applications": dict(self.world.applications)}
            told["tokens_deployed"] = self.tokens_deployed
            (place / "world.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise InputError(f"The folder {place} cannot be written: {error.strerror}.") from error


def simulate(
    scenario: str | World,
    *,
    seed: int = 0,
    days: int | None = None,
    scale: float = 1.0,
    survey: int = 0,
    holdout: float = 0.0,
    shuffled: bool = False,
) -> Simulation:
    """Return what happened in a world, as the tracker saw it and as it was.

    `scenario` is one of `SCENARIOS`, "random" (nuisances drawn from the seed) or a `World`.
    `scale` multiplies the visits, `survey` adds so many answers, `holdout` is the part of people
    whose shares get no token, `shuffled` deals tokens out among arrivals without
    public referrer, where they mean nothing. Options leave everything else of a world as it was.
    Raises `InputError` where the scenario is not known or an option cannot be used.
    """
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InputError(f"A seed is a whole number from 0 on, not {seed}.")
    world = _sized(world_of(scenario, seed), days, scale)
    if not 0 <= holdout <= 1 or survey < 0:
        raise InputError("A holdout lies between 0 and 1, and a survey has 0 answers or more.")
    stage = Scene(world, pages.make(world, np.random.default_rng([seed, 7])), (seed,))
    arrivals, shares = _live(stage, holdout)
    carried = np.append(shares.token, -1)[arrivals.share]
    token = np.where(arrivals.tagged, carried, -1)
    landings = Landings(arrivals, leave(stage, arrivals, shares), token)
    if shuffled:
        landings.token = _dealt(stage, landings)
    hits = _written(stage, landings, shares, survey)
    truth = _truth(stage, landings, shares)
    return Simulation(world, seed, hits, truth, _share_rows(stage, shares), world.tokens)


def _sized(world: World, days: int | None, scale: float) -> World:
    if days is not None and not 1 <= days <= 400:
        raise InputError(f"A simulation has 1 to 400 days, not {days}.")
    if not 0 < scale <= MOST_SCALE:
        raise InputError(f"A scale lies above 0, up to {MOST_SCALE}, not {scale}.")
    if days is not None:
        world = replace(world, days=days, visits=world.visits * days // world.days)
    return replace(world, visits=max(int(world.visits * scale), LEAST_VISITS))


def _live(scene: Scene, holdout: float) -> tuple[Arrivals, Shares]:
    """Return all arrivals in the order of time, and all shares."""
    world = scene.world
    wanted = world.visits * world.shared
    extra = world.visits * (world.blast + world.tv) + wanted * world.app_echo
    others = max(world.visits - wanted - extra, LEAST_VISITS / 2)
    parts = [ordinary(scene, others), nuisances.blast(scene, world.visits)]
    parts.append(nuisances.television(scene, world.visits))
    before = _ordered(concat([part for part in parts if part is not None]))
    shares, shared = Cascade(scene, holdout).run(_reading(scene, before), wanted)
    found = [before, shared, own_looks(scene, shares)]
    if shared is not None:
        found.append(nuisances.echo(scene, shared))
    everything = _ordered(concat([part for part in found if part is not None]))
    inside = (everything.ts >= 0) & (everything.ts < world.days * 86400.0)
    return _remembered(everything.take(inside)), shares


def _remembered(arrivals: Arrivals) -> Arrivals:
    """Return arrivals of which those to a page that the same person landed on before say so."""
    order = np.lexsort((np.arange(len(arrivals)), arrivals.page, arrivals.visitor))
    visitor, page = arrivals.visitor[order], arrivals.page[order]
    again = np.append(False, (visitor[1:] == visitor[:-1]) & (page[1:] == page[:-1]))
    arrivals.seen[order] |= again
    arrivals.returning[order] |= again
    return arrivals


def _ordered(arrivals: Arrivals) -> Arrivals:
    return arrivals.take(np.argsort(arrivals.ts, kind="stable"))


def _reading(scene: Scene, arrivals: Arrivals) -> Arrivals:
    """Return arrivals with the page that each reads: from the home page many go on."""
    rng, count = scene.rng("reading"), len(arrivals)
    near = np.clip(np.arange(count) + rng.integers(-40, 40, count), 0, count - 1)
    goes_on = (arrivals.page < scene.pages.front) & (rng.random(count) < 0.6)
    every = arrivals.take(np.ones(count, np.bool_))
    every.page = np.where(goes_on, arrivals.page[near], arrivals.page).astype(np.int32)
    return every


def _dealt(scene: Scene, landings: Landings) -> NDArray[np.int64]:
    """Return tokens dealt out at random among arrivals that may have been passed on.

    These are all without referrer and campaign, and those that an application shows.
    """
    token = landings.token
    may = landings.bare() | (landings.arrivals.channel == CODE["share"]) | (token >= 0)
    dealt: NDArray[np.int64] = token.copy()
    dealt[may] = scene.rng("deal").permutation(token[may])
    return dealt


def _written(scene: Scene, landings: Landings, shares: Shares, survey: int) -> pa.Table:
    scribe = Scribe(scene, shares)
    tables = [
        scribe.arrivals(landings),
        scribe.further(landings),
        scribe.reloads(landings),
        scribe.shares(),
        scribe.previews(),
        scribe.bots(len(landings.arrivals)),
    ]
    if survey:
        tables.append(scribe.answers(landings, *_asked(scene, landings, survey)))
    return pa.concat_tables(tables).combine_chunks().sort_by("ts")


def _asked(scene: Scene, landings: Landings, count: int) -> tuple[NDArray[np.int64], list[str]]:
    """Return who answered among untagged deep landings, and what; a few press anything."""
    rng, arrivals = scene.rng("survey"), landings.arrivals
    deep = arrivals.page >= scene.pages.front
    row = np.flatnonzero(landings.bare() & (landings.token < 0) & deep)
    row = np.sort(rng.choice(row, min(count, len(row)), replace=False))
    honest = [_ANSWER.get(CHANNELS[code], "other") for code in arrivals.channel[row].tolist()]
    any_button = rng.random(len(row)) < scene.world.survey_error
    pressed = rng.choice(ANSWERS, len(row)).tolist()
    return row, [
        other if odd else said
        for said, other, odd in zip(honest, pressed, any_button.tolist(), strict=True)
    ]


def _truth(scene: Scene, landings: Landings, shares: Shares) -> pa.Table:
    arrivals, token = landings.arrivals, landings.token
    shared = arrivals.channel == CODE["share"]
    application = np.full(len(arrivals), len(NAMES))
    application[shared] = shares.application[arrivals.share[shared]]
    classes = scene.pages.classes(arrivals.page)
    return pa.table(
        {
            "arrival": np.arange(len(arrivals)),
            "ts": _times(scene, arrivals.ts),
            "channel": pa.array(CHANNELS).take(pa.array(arrivals.channel)),
            "application": pa.array((*NAMES, "")).take(pa.array(application)),
            "shared": shared,
            "lost": shared & (token < 0),
            "token": token >= 0,
            "share": pa.array(arrivals.share, mask=arrivals.share < 0),
            "page_class": pa.array(["home", "section", "deep"]).take(pa.array(classes)),
            "device": _device(arrivals.client),
            "returning": arrivals.returning,
            "url_seen": arrivals.seen,
        }
    )


def _times(scene: Scene, ts: pages.Floats) -> pa.Array:
    begin = ((ts + scene.world.begin) * 1000).astype(np.int64)
    return pa.array(begin).cast(pa.timestamp("ms", "UTC"))


def _device(client: NDArray[np.int8]) -> pa.Array:
    mobile = clients.MOBILE[client].astype(np.int8)
    return pa.array(["desktop", "mobile"]).take(pa.array(mobile))


def _share_rows(scene: Scene, shares: Shares) -> pa.Table:
    return pa.table(
        {
            "share": np.arange(len(shares)),
            "ts": _times(scene, shares.ts),
            "path": pa.array(scene.pages.paths).take(pa.array(shares.page)),
            "application": pa.array(NAMES).take(pa.array(shares.application)),
            "device": _device(shares.client),
            "token": shares.token >= 0,
            "minted": shares.minted,
            "holdout": shares.held,
            "parent": pa.array(shares.parent, mask=shares.parent < 0),
            "audience": shares.size,
        }
    )
