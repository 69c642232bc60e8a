"""Hits as the tracker would have stored them, in Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from darksocial.simulator import clients
from darksocial.simulator.applications import APPLICATIONS
from darksocial.simulator.arrivals import Arrivals, Scene
from darksocial.simulator.cascades import METHODS, Shares
from darksocial.simulator.pages import Floats
from darksocial.simulator.traces import (
    AGENTS,
    FETCH_SITES,
    NAVIGATIONS,
    REFERRERS,
    SUFFIXES,
    Traces,
)

SCHEMA = pa.schema(
    [
        ("ts", pa.timestamp("ms", "UTC")),
        ("kind", pa.string()),
        ("url", pa.string()),
        ("referrer", pa.string()),
        ("user_agent", pa.string()),
        ("visitor", pa.string()),
        ("token", pa.string()),
        ("parent", pa.string()),
        ("method", pa.string()),
        ("navigation", pa.string()),
        ("fetch_site", pa.string()),
        ("returning", pa.bool_()),
        ("url_seen", pa.bool_()),
        ("name", pa.string()),
        ("value", pa.float64()),
        ("answer", pa.string()),
        ("arrival", pa.int64()),
    ]
)
BOTS = (
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; "
    "+http://www.google.com/bot.html) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; "
    "+http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
)
_LETTERS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", np.uint8)
_TOKEN_LENGTH = 15


@dataclass(slots=True)
class Landings:
    """Arrivals with their traces; `token` has the share whose token each brought, or -1."""

    arrivals: Arrivals
    traces: Traces
    token: NDArray[np.int64]

    def bare(self) -> NDArray[np.bool_]:
        """Return which have no referrer, no application and no campaign."""
        traces = self.traces
        return np.asarray((traces.referrer == 0) & ~traces.in_app & (traces.suffix == 0))


class Scribe:
    """Writes down what happened in one scene; every method returns a table of `SCHEMA`."""

    def __init__(self, scene: Scene, shares: Shares) -> None:
        self._scene = scene
        self._shares = shares
        self._urls = pa.array([f"https://{scene.world.host}{path}" for path in scene.pages.paths])
        drawn = scene.rng("tokens").integers(0, len(_LETTERS), (len(shares), _TOKEN_LENGTH))
        texts = _LETTERS[drawn].view(f"S{_TOKEN_LENGTH}").ravel().astype(str)
        self._tokens = pa.array(texts.tolist(), pa.string())
        self._salt = int(scene.rng("salt").integers(1, 2**62))

    def arrivals(self, landings: Landings) -> pa.Table:
        """Return the landing page views."""
        arrivals, traces = landings.arrivals, landings.traces
        known = self._knows(arrivals.visitor)
        return self._view(
            landings,
            np.arange(len(arrivals)),
            arrivals.ts,
            url=self._url(arrivals.page, landings.token, traces.suffix),
            referrer=_text(REFERRERS, traces.referrer),
            token=self._token(landings.token),
            navigation=_text(NAVIGATIONS, traces.navigation),
            fetch_site=_text(FETCH_SITES, traces.fetch_site),
            url_seen=pa.array(arrivals.seen, mask=~known),
            arrival=pa.array(np.arange(len(arrivals))),
        )

    def further(self, landings: Landings) -> pa.Table:
        """Return the page views after the landing; readers go where others are at that time."""
        arrivals, rng = landings.arrivals, self._scene.rng("further")
        follow = self._scene.world.follow
        times = np.minimum(rng.geometric(1 / (1 + follow), len(arrivals)) - 1, 9)
        row = np.repeat(np.arange(len(arrivals)), times)
        place = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        ts = arrivals.ts[row] + (place + 0.2 + 0.8 * rng.random(len(row))) * 75
        near = np.clip(row + rng.integers(-60, 60, len(row)), 0, len(arrivals) - 1)
        before = self._url(arrivals.page[row], landings.token[row])
        url = self._url(arrivals.page[near])
        return self._until_the_end(ts, self._view(landings, row, ts, url=url, referrer=before))

    def reloads(self, landings: Landings) -> pa.Table:
        """Return reloads: soon after the landing, and tabs that are opened again later."""
        arrivals, rng = landings.arrivals, self._scene.rng("reloads")
        row = np.flatnonzero(rng.random(len(arrivals)) < 0.04)
        ts = arrivals.ts[row] + rng.lognormal(6.0, 2.0, len(row))
        table = self._view(
            landings,
            row,
            ts,
            url=self._url(arrivals.page[row], landings.token[row]),
            token=self._token(landings.token[row]),
            referrer=_text(REFERRERS, landings.traces.referrer[row]),
            navigation="reload",
        )
        return self._until_the_end(ts, table)

    def shares(self) -> pa.Table:
        """Return the reported shares; those of the holdout have no token."""
        shares, rng = self._shares, self._scene.rng("reports")
        told = rng.random(len(shares)) < self._scene.world.report
        row = np.flatnonzero((shares.minted | shares.held) & told)
        token = np.where(shares.held[row], -1, row)
        return self._table(
            shares.ts[row],
            kind="share",
            url=self._url(shares.page[row]),
            user_agent=_text(_FIRST_AGENTS, shares.client[row]),
            visitor=self._visitor(shares.visitor[row], shares.ts[row]),
            token=self._token(token),
            parent=self._token(shares.parent_token[row]),
            method=_text(METHODS, shares.method[row]),
            name=pc.if_else(pa.array(shares.held[row]), "holdout", None),
        )

    def previews(self) -> pa.Table:
        """Return the fetches that applications make to show a link."""
        shares, world = self._shares, self._scene.world
        rng = self._scene.rng("previews")
        count = len(shares)
        again = rng.integers(0, max(count, 1), rng.poisson(count * world.composer))
        row = np.concatenate([np.arange(count), again])
        kinds = shares.application[row]
        sender = np.array([application.by_sender for application in APPLICATIONS])[kinds]
        shown = np.array([application.preview != "" for application in APPLICATIONS])[kinds]
        fetched = (shares.token[row] >= 0) | sender | (rng.random(len(row)) >= world.cached)
        row = row[shown & fetched & (rng.random(len(row)) < world.previews)]
        agents = tuple(application.preview for application in APPLICATIONS)
        return self._table(
            shares.ts[row] + rng.uniform(0.5, 6, len(row)),
            kind="preview",
            url=self._url(shares.page[row], shares.token[row]),
            user_agent=_text(agents, shares.application[row]),
            token=self._token(shares.token[row]),
        )

    def bots(self, total: int) -> pa.Table:
        """Return page views of search engines' crawlers."""
        rng = self._scene.rng("bots")
        count = int(rng.poisson(total * self._scene.world.bots))
        page = rng.integers(0, len(self._urls), count).astype(np.int32)
        return self._table(
            rng.random(count) * self._scene.world.days * 86400.0,
            kind="pageview",
            url=self._url(page),
            user_agent=_text(BOTS, rng.integers(0, len(BOTS), count)),
        )

    def answers(self, landings: Landings, row: NDArray[np.int64], answer: list[str]) -> pa.Table:
        """Return answers to the survey, given on the landing page."""
        arrivals, ts = landings.arrivals, landings.arrivals.ts[row] + 20
        return self._table(
            ts,
            kind="survey",
            url=self._url(arrivals.page[row]),
            user_agent=_text(AGENTS, landings.traces.agent[row]),
            visitor=self._visitor(arrivals.visitor[row], ts),
            answer=pa.array(answer, pa.string()),
        )

    def _view(
        self, landings: Landings, row: NDArray[np.int64], ts: Floats, **columns: Any
    ) -> pa.Table:
        """Return page views in visits; `row` has the place of each visit's landing."""
        arrivals, traces = landings.arrivals, landings.traces
        known = self._knows(arrivals.visitor[row])
        inside = pc.if_else(pa.array(traces.fetch_site[row] != 0), "same-origin", "")
        view = {
            "kind": "pageview",
            "user_agent": _text(AGENTS, traces.agent[row]),
            "visitor": self._visitor(arrivals.visitor[row], arrivals.ts[row]),
            "navigation": "navigate",
            "fetch_site": inside,
            "returning": pa.array(arrivals.returning[row], mask=~known),
        }
        return self._table(ts, **(view | columns))

    def _until_the_end(self, ts: Floats, table: pa.Table) -> pa.Table:
        return table.filter(pa.array(ts < self._scene.world.days * 86400.0))

    def _table(self, ts: Floats, **columns: Any) -> pa.Table:
        milliseconds = ((ts + self._scene.world.begin) * 1000).astype(np.int64)
        columns["ts"] = pa.array(milliseconds).cast(SCHEMA.field("ts").type)
        arrays = []
        for field in SCHEMA:
            column = columns.get(field.name)
            if column is None:
                column = pa.nulls(len(ts), field.type)
            elif isinstance(column, str):
                column = pa.repeat(pa.scalar(column), len(ts))
            arrays.append(column.cast(field.type))
        return pa.Table.from_arrays(arrays, schema=SCHEMA)

    def _url(
        self,
        page: NDArray[np.int32],
        token: NDArray[np.int64] | None = None,
        suffix: NDArray[np.int8] | None = None,
    ) -> pa.Array:
        """Return addresses, with campaign parameters and a token where there are some."""
        parts = [self._urls.take(pa.array(page))]
        if suffix is not None:
            parts.append(_text(tuple(f"?{text}" if text else "" for text in SUFFIXES), suffix))
        if token is not None:
            sign = "?" if suffix is None else pc.if_else(pa.array(suffix > 0), "&", "?")
            tail = pc.binary_join_element_wise(sign, "ds=", self._token(token), "")
            parts.append(pc.fill_null(tail, ""))
        return pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]

    def _token(self, share: NDArray[np.int64]) -> pa.Array:
        return self._tokens.take(pa.array(np.maximum(share, 0), mask=share < 0))

    def _knows(self, visitor: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return who has consented, so that a return is known."""
        lot = (_mixed(visitor, self._salt) >> 20) % 1_000_003 / 1_000_003
        return np.asarray(lot < self._scene.world.consent)

    def _visitor(self, visitor: NDArray[np.int64], ts: Floats) -> pa.Array:
        """Return the visitor's hash; without consent it is another one on every day."""
        day = np.where(self._knows(visitor), 0, ts // 86400 + 1).astype(np.int64)
        return pc.cast(pa.array(_mixed(visitor * 1009 + day, self._salt + 1)), pa.string())


_FIRST_AGENTS = tuple(client.agents[0] for client in clients.CLIENTS)


def _mixed(number: NDArray[np.int64], salt: int) -> NDArray[np.int64]:
    """Return numbers that say nothing of where they came from (splitmix64, 62 bits of it)."""
    x = number.astype(np.uint64) + np.uint64(salt)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return np.asarray((x ^ (x >> np.uint64(31))) >> np.uint64(2), np.int64)


def _text(texts: tuple[str, ...], codes: NDArray[Any]) -> pa.Array:
    return pa.array(texts, pa.string()).take(pa.array(codes))
