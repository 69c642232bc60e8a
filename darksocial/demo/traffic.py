"""Example traffic: what a small magazine's visitors might have done in some days.

Pure and seeded: the same stage and range give the same hits, ids included, so entering them
twice is entering them once. Nothing here happened.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from darksocial.demo import articles, crowd
from darksocial.demo.crowd import Promoted, Way
from darksocial.model import EXAMPLE_SOURCE, Hit, Site, TokenParts
from darksocial.rules import tokens
from darksocial.rules.urls import with_parameter
from darksocial.spool.record import LOW_BITS, make_id

SEED = 20
DAY = 24 * 3600.0
ARRIVALS_A_DAY = 245.0
# Share of a day's arrivals by local hour: low at night, highest over lunch and in the evening.
HOURS = (4, 2, 1, 1, 1, 3, 10, 22, 30, 34, 36, 40, 46, 42, 36, 34, 36, 42, 50, 56, 58, 48, 30, 14)
WEEKDAYS = (1.0, 1.05, 1.0, 0.95, 0.9, 1.2, 1.3)
METHODS = {"copy": 56, "copy_button": 20, "share_sheet": 24}
PREVIEWED = 0.6  # of the links that are sent where a program fetches a preview
READERS = (crowd.IN_MESSENGERS, crowd.MOBILE, crowd.DESKTOP)  # of a link that was passed on
BUSIEST = max(HOURS) * max(WEEKDAYS)
VIRAL_BEGINS, VIRAL_ENDS = 0.62, 0.80  # as parts of the range


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it plays: the site, the address of its pages, and the codes of its links by label."""

    site: Site
    base: str
    codes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser on one day."""

    hash: int
    agent: str
    network: str


def hits(stage: Stage, begin: float, end: float, seed: int = SEED) -> list[Hit]:
    """Return the hits from `begin` up to but without `end` (seconds since 1970), oldest first."""
    play = _Play(stage, begin, end, random.Random(seed))
    play.run()
    return sorted((hit for hit in play.hits if hit.ts < end * 1000), key=lambda hit: hit.id)


def moments(
    rng: random.Random, begin: float, end: float, zone: str, per_day: float
) -> Iterator[float]:
    """Yield times in the rhythm of the day and the week: a thinned Poisson process."""
    local = ZoneInfo(zone)
    mean = sum(HOURS) / len(HOURS) * sum(WEEKDAYS) / len(WEEKDAYS)
    fastest = per_day / DAY * BUSIEST / mean
    moment = begin + rng.expovariate(fastest)
    while moment < end:
        then = datetime.fromtimestamp(moment, local)
        if rng.random() * BUSIEST < HOURS[then.hour] * WEEKDAYS[then.weekday()]:
            yield moment
        moment += rng.expovariate(fastest)


class _Play:
    """The acts of all visitors; every draw comes from one generator, in one order."""

    def __init__(self, stage: Stage, begin: float, end: float, rng: random.Random) -> None:
        self._stage = stage
        self._begin, self._end = begin, end
        self._rng = rng
        self.hits: list[Hit] = []

    def run(self) -> None:
        zone = self._stage.site.timezone
        weights = [way.weight for way in crowd.WAYS]
        for moment in moments(self._rng, self._begin, self._end, zone, ARRIVALS_A_DAY):
            self._arrive(moment, self._rng.choices(crowd.WAYS, weights)[0])
        for promoted in crowd.PROMOTED:
            for moment in moments(self._rng, self._begin, self._end, zone, promoted.day):
                self._follow(moment, promoted)
        for moment in moments(self._rng, self._begin, self._end, zone, 12.0):
            self._crawl(moment)

    def _arrive(self, moment: float, way: Way) -> None:
        path = self._page() if way.pages == "articles" else self._rng.choice(("/", "/", "/city"))
        query = f"?{way.query}" if way.query else ""
        referrer = self._rng.choice(way.referrers)
        self._visit(moment, self._visitor(way.agents), path + query, referrer)

    def _follow(self, moment: float, promoted: Promoted) -> None:
        """A managed link: the redirect's click and the view of the landing page, or a preview."""
        code = self._stage.codes[promoted.label]
        destination = self._stage.base + promoted.path
        if self._rng.random() < 0.2:
            agent = self._rng.choice(crowd.PREVIEWS)
            self._add(moment, Visitor(0, agent, ""), "click", url=destination, code=code)
            return
        visitor = self._visitor(promoted.agents)
        self._add(moment, visitor, "click", url=destination, code=code)
        self._visit(moment + 0.4, visitor, f"{promoted.path}?ds={code}", "", code)

    def _crawl(self, moment: float) -> None:
        visitor = Visitor(0, self._rng.choice(crowd.BOTS), "")
        self._add(moment, visitor, "pageview", url=self._stage.base + self._page())

    def _visit(
        self, moment: float, visitor: Visitor, landing: str, referrer: str, token: str = ""
    ) -> None:
        """A landing page and what follows: reloads, further pages, links passed on."""
        base = self._stage.base
        path = landing.partition("?")[0]
        self._add(
            moment,
            visitor,
            "pageview",
            url=base + landing,
            referrer=referrer,
            token=token,
            navigation="navigate",
        )
        self._maybe_share(moment, visitor, path, token)
        if self._rng.random() < 0.03:
            self._add(
                moment + 20,
                visitor,
                "pageview",
                url=base + landing,
                referrer=referrer,
                token=token,
                navigation="reload",
            )
        before = base + landing
        while self._rng.random() < 0.42:
            moment += self._rng.uniform(15, 240)
            path = self._page()
            url = base + path
            self._add(moment, visitor, "pageview", url=url, referrer=before, navigation="navigate")
            self._maybe_share(moment, visitor, path, token)
            before = url
        self._engage(moment, visitor, before)

    def _engage(self, moment: float, visitor: Visitor, url: str) -> None:
        """What the snippet tells when a page is left, and what some visitors do before."""
        seconds = self._rng.lognormvariate(math.log(45), 0.8)
        if self._rng.random() < 0.05:
            self._add(moment + 10, visitor, "interaction", url=url, name="comment")
        if self._rng.random() < 0.02:
            self._add(
                moment + 12, visitor, "conversion", url=url, name="newsletter", value=2.0,
                currency="EUR",
            )  # fmt: skip
        depth = str(min(100, 10 * round(self._rng.uniform(1, 10))))
        self._add(
            moment + seconds, visitor, "engagement", url=url, name=depth, value=round(seconds, 1)
        )

    def _maybe_share(self, moment: float, visitor: Visitor, path: str, parent: str) -> None:
        if path not in articles.BY_PATH or self._rng.random() >= self._eagerness(path, moment):
            return
        moment += self._rng.uniform(20, 200)
        method = self._rng.choices(tuple(METHODS), tuple(METHODS.values()))[0]
        parts = TokenParts(method, int(moment // 3600), self._rng.getrandbits(tokens.RANDOM_BITS))
        token = tokens.encode(parts, self._stage.site.key)
        self._add(
            moment,
            visitor,
            "share",
            url=self._stage.base + path,
            token=token,
            parent=parent,
            method=method,
        )
        if self._rng.random() < 0.08:
            # Whoever sends a link looks whether it works.
            self._land(moment + 30, visitor, path, token)
        self._spread(moment, path, token)

    def _spread(self, moment: float, path: str, token: str) -> None:
        """The visits that a share brings: soon at first, then fewer, and a preview before them."""
        if moment >= self._end:
            return
        if self._rng.random() < PREVIEWED:
            program = Visitor(0, self._rng.choice(crowd.PREVIEWS), "")
            url = self._stage.base + with_parameter(path, "ds", token)
            self._add(moment + self._rng.uniform(2, 20), program, "pageview", url=url)
        for _ in range(self._poisson(2.2 if self._is_viral(path, moment) else 1.5)):
            later = moment + self._rng.lognormvariate(math.log(40 * 60), 1.6)
            readers = self._rng.choices(READERS, (16, 56, 28))[0]
            self._land(later, self._visitor(readers), path, token)

    def _land(self, moment: float, visitor: Visitor, path: str, token: str) -> None:
        if moment < self._end:
            self._visit(moment, visitor, with_parameter(path, "ds", token), "", token)

    def _eagerness(self, path: str, moment: float) -> float:
        return 0.24 if self._is_viral(path, moment) else 0.06

    def _is_viral(self, path: str, moment: float) -> bool:
        part = (moment - self._begin) / (self._end - self._begin)
        return path == articles.VIRAL and VIRAL_BEGINS < part < VIRAL_ENDS

    def _page(self) -> str:
        weights = [article.appeal for article in articles.ARTICLES]
        return self._rng.choices(articles.ARTICLES, weights)[0].path

    def _visitor(self, agents: tuple[str, ...]) -> Visitor:
        return Visitor(
            self._rng.getrandbits(64) or 1,
            self._rng.choice(agents),
            self._rng.choice(crowd.NETWORKS),
        )

    def _poisson(self, mean: float) -> int:
        count, left = 0, self._rng.expovariate(1.0)
        while left < mean:
            count, left = count + 1, left + self._rng.expovariate(1.0)
        return count

    def _add(self, moment: float, visitor: Visitor, kind: str, **fields: str | float) -> None:
        milliseconds = int(moment * 1000)
        self.hits.append(
            Hit(
                id=make_id(milliseconds, self._rng.getrandbits(LOW_BITS)),
                ts=milliseconds,
                kind=kind,
                site=self._stage.site.name,
                recorded=milliseconds,
                visitor=visitor.hash,
                user_agent=visitor.agent,
                network=visitor.network,
                source=EXAMPLE_SOURCE,
                **fields,  # type: ignore[arg-type]
            )
        )
