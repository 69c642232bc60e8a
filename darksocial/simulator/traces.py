"""What an arrival leaves in the tracker: referrer, agent, Sec-Fetch-Site, navigation, campaign."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darksocial.simulator import clients
from darksocial.simulator.applications import APPLICATIONS
from darksocial.simulator.arrivals import CODE, Arrivals, Scene
from darksocial.simulator.cascades import Shares
from darksocial.simulator.pages import Floats

_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Mobile/15E148"
)
_IN_NETWORKS = (
    f"{_IPHONE} Instagram 402.0.0.31.102 (iPhone15,2; iOS 18_6; de_DE; de)",
    f"{_IPHONE} [FBAN/FBIOS;FBAV/533.0.0.41.89;FBDV/iPhone15,2;FBLC/de_DE]",
)
_REFERRERS = {
    "search": ("https://www.google.com/", "https://www.google.com/", "https://www.bing.com/",
               "https://duckduckgo.com/"),
    "social": ("https://l.facebook.com/", "https://t.co/x4TqQ0", "https://www.linkedin.com/",
               "https://www.reddit.com/", "https://l.instagram.com/"),
    "referral": ("https://harbour-notes.example/reading", "https://slow-travel.example/links/"),
    "ai": ("https://chatgpt.com/", "https://www.perplexity.ai/"),
}  # fmt: skip
_WEBMAIL = "https://mail.google.com/"
SUFFIXES = (
    "",
    "utm_source=letter&utm_medium=email&utm_campaign=daily",
    "utm_source=google&utm_medium=cpc&utm_campaign=autumn",
)
FETCH_SITES = ("", "none", "same-origin", "same-site", "cross-site")
NAVIGATIONS = ("navigate", "reload", "back_forward", "prerender")
_NONE, _CROSS = FETCH_SITES.index("none"), FETCH_SITES.index("cross-site")


def _texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all referrers, beginning with none, and all agents."""
    referrers = {"": None, _WEBMAIL: None}
    agents = {agent: None for client in clients.CLIENTS for agent in client.agents}
    for listed in _REFERRERS.values():
        referrers |= dict.fromkeys(listed)
    for application in APPLICATIONS:
        referrers |= dict.fromkeys((application.referrer, application.android))
        agents |= dict.fromkeys(application.agents)
    return tuple(referrers), (*agents, *_IN_NETWORKS)


REFERRERS, AGENTS = _texts()
_REFERRER = {text: code for code, text in enumerate(REFERRERS)}
_AGENT = {text: code for code, text in enumerate(AGENTS)}


@dataclass(slots=True)
class Traces:
    """Codes into `REFERRERS`, `AGENTS`, `FETCH_SITES`, `NAVIGATIONS` and `SUFFIXES`."""

    referrer: NDArray[np.int16]
    agent: NDArray[np.int16]
    fetch_site: NDArray[np.int8]
    navigation: NDArray[np.int8]
    suffix: NDArray[np.int8]
    in_app: NDArray[np.bool_]


def leave(scene: Scene, arrivals: Arrivals, shares: Shares) -> Traces:
    """Return the traces of arrivals, in their order."""
    rng, count = scene.rng("traces"), len(arrivals)
    found = Traces(
        np.zeros(count, np.int16), _agents(arrivals), np.full(count, _NONE, np.int8),
        np.zeros(count, np.int8), np.zeros(count, np.int8), np.zeros(count, np.bool_),
    )  # fmt: skip
    for channel, lost in _losses(scene):
        _refer(rng, arrivals, found, channel, lost)
    _in_networks(rng, arrivals, found)
    _letters(scene, rng, arrivals, found)
    _shared(scene, rng, arrivals, shares, found)
    _fetch(scene, rng, arrivals, found)
    typed = (arrivals.channel == CODE["typed"]) & (arrivals.page == 0)
    early = typed & clients.CHROME[arrivals.client] & (rng.random(count) < 0.12)
    found.navigation[early] = NAVIGATIONS.index("prerender")
    return found


def _losses(scene: Scene) -> tuple[tuple[str, float], ...]:
    world = scene.world
    return (
        ("search", world.search_lost),
        ("social", world.social_lost),
        ("referral", world.referral_lost),
        ("ai", 0.3),
    )


def _agents(arrivals: Arrivals) -> NDArray[np.int16]:
    """Return each person's agent: the same at every arrival."""
    first = np.array([_AGENT[client.agents[0]] for client in clients.CLIENTS])
    some = np.array([len(client.agents) for client in clients.CLIENTS])
    kind = arrivals.client
    return np.asarray(first[kind] + arrivals.visitor % some[kind], np.int16)


def _refer(
    rng: np.random.Generator, arrivals: Arrivals, found: Traces, channel: str, lost: float
) -> None:
    rows = np.flatnonzero(arrivals.channel == CODE[channel])
    codes = np.array([_REFERRER[text] for text in _REFERRERS[channel]], np.int16)
    drawn = codes[rng.integers(0, len(codes), len(rows))]
    found.referrer[rows] = np.where(rng.random(len(rows)) < lost, 0, drawn)
    found.fetch_site[rows] = _CROSS


def _in_networks(rng: np.random.Generator, arrivals: Arrivals, found: Traces) -> None:
    """Let half of the iPhone readers from networks read inside the network's application."""
    handheld = clients.MOBILE[arrivals.client] & ~clients.ANDROID[arrivals.client]
    rows = np.flatnonzero((arrivals.channel == CODE["social"]) & handheld)
    rows = rows[rng.random(len(rows)) < 0.5]
    codes = np.array([_AGENT[text] for text in _IN_NETWORKS], np.int16)
    found.agent[rows] = codes[rng.integers(0, len(codes), len(rows))]
    found.in_app[rows] = True


def _letters(scene: Scene, rng: np.random.Generator, arrivals: Arrivals, found: Traces) -> None:
    letter = arrivals.channel == CODE["newsletter"]
    count = len(arrivals)
    tagged = letter & (rng.random(count) < scene.world.newsletter_tagged)
    found.suffix[tagged] = 1
    found.suffix[arrivals.channel == CODE["campaign"]] = 2
    desktop = ~clients.MOBILE[arrivals.client]
    mail = (letter | (arrivals.channel == CODE["blast"])) & desktop
    found.referrer[mail & (rng.random(count) < scene.world.webmail_shows)] = _REFERRER[_WEBMAIL]


def _shared(
    scene: Scene, rng: np.random.Generator, arrivals: Arrivals, shares: Shares, found: Traces
) -> None:
    """Let applications show themselves, as far as they do."""
    rows = np.flatnonzero(arrivals.channel == CODE["share"])
    if not len(rows):
        return
    kinds = shares.application[arrivals.share[rows]]
    client = arrivals.client[rows]
    differ = scene.rng("evidence").lognormal(0, scene.world.evidence_spread, len(APPLICATIONS))
    for number, application in enumerate(APPLICATIONS):
        factor = scene.world.evidence * float(differ[number])
        here = rows[kinds == number]
        who = client[kinds == number]
        if application.agents:
            opened = _happens(rng, application.in_app * factor, clients.MOBILE[who])
            codes = np.array([_AGENT[text] for text in application.agents], np.int16)
            found.agent[here[opened]] = codes[rng.integers(0, len(codes), int(opened.sum()))]
            found.in_app[here[opened]] = True
        shown = _happens(rng, application.shows * factor, ~clients.MOBILE[who])
        found.referrer[here[shown]] = _REFERRER[application.referrer]
        named = _happens(rng, application.package * factor, clients.ANDROID[who])
        named &= ~found.in_app[here]
        found.referrer[here[named]] = _REFERRER[application.android]


def _happens(
    rng: np.random.Generator, chance: float, where: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    return where & (rng.random(len(where)) < min(chance, 0.97))


def _fetch(scene: Scene, rng: np.random.Generator, arrivals: Arrivals, found: Traces) -> None:
    """Say `none` or `cross-site` as browsers do, where a server hands it over at all."""
    chance = _cross_chance(arrivals)
    crossed = rng.random(len(arrivals)) < chance
    found.fetch_site[crossed | (found.referrer != 0)] = _CROSS
    found.fetch_site[found.in_app & (found.referrer == 0)] = _NONE
    known = rng.random(len(arrivals)) < scene.world.fetch_site
    found.fetch_site[~known] = 0


def _cross_chance(arrivals: Arrivals) -> Floats:
    """Return how likely a link without referrer counts as cross-site.

    Firefox says so of every link that an application opened, others of links in web pages.
    """
    linked = [CODE[name] for name in ("share", "app", "newsletter", "blast", "own")]
    from_link = np.isin(arrivals.channel, linked)
    firefox = clients.FIREFOX[arrivals.client]
    web = np.where(clients.MOBILE[arrivals.client], 0.04, 0.35)
    return np.where(from_link, np.where(firefox, 0.97, web), 0.0)
