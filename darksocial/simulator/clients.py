"""Browsers that people use, as their agents name them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
_LINUX = "Mozilla/5.0 (X11; Linux x86_64"
_ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko)"
)


@dataclass(frozen=True, slots=True)
class Client:
    """A browser: `weight` among those of its device; `android` where apps may name themselves."""

    family: str
    mobile: bool
    weight: float
    agents: tuple[str, ...]
    android: bool = False


CLIENTS = (
    Client(
        "chrome",
        False,
        0.48,
        tuple(f"{_WINDOWS}Chrome/{v}.0.0.0 Safari/537.36" for v in (140, 141, 142)),
    ),
    Client("chrome", False, 0.16, (f"{_WINDOWS}Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",)),
    Client(
        "firefox",
        False,
        0.16,
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
            f"{_LINUX}; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
    ),
    Client(
        "safari",
        False,
        0.20,
        (f"{_MAC}AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",),
    ),
    Client(
        "chrome",
        True,
        0.40,
        tuple(f"{_ANDROID}Chrome/{v}.0.0.0 Mobile Safari/537.36" for v in (141, 142)),
        True,
    ),
    Client(
        "chrome",
        True,
        0.12,
        (f"{_ANDROID}SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",),
        True,
    ),
    Client(
        "firefox",
        True,
        0.03,
        ("Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0",),
        True,
    ),
    Client(
        "safari",
        True,
        0.45,
        (
            f"{_IPHONE} Version/18.6 Mobile/15E148 Safari/604.1",
            f"{_IPHONE.replace('18_6', '17_7')} Version/17.7 Mobile/15E148 Safari/604.1",
        ),
    ),
)

MOBILE = np.array([client.mobile for client in CLIENTS])
ANDROID = np.array([client.android for client in CLIENTS])
FIREFOX = np.array([client.family == "firefox" for client in CLIENTS])
CHROME = np.array([client.family == "chrome" for client in CLIENTS])


def weights(mobile: bool) -> NDArray[np.float64]:
    """Return the clients' probabilities among desktop or mobile devices."""
    found = np.array([client.weight * (client.mobile == mobile) for client in CLIENTS])
    return np.asarray(found / found.sum())


def draw(rng: np.random.Generator, mobile: NDArray[np.float64]) -> NDArray[np.int8]:
    """Return a client for each probability of being mobile."""
    count = len(mobile)
    on_mobile = rng.random(count) < mobile
    desktop = rng.choice(len(CLIENTS), count, p=weights(False))
    handheld = rng.choice(len(CLIENTS), count, p=weights(True))
    return np.where(on_mobile, handheld, desktop).astype(np.int8)
