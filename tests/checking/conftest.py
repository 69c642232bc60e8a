"""A web server of its own for each test, and the checks of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pages import MORE, PINNED, SCRIPT, Web

from darksocial.checking import Finding, Known, check
from darksocial.checking.fetch import Fetcher


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as running:
        yield running


@pytest.fixture
def found() -> Callable[..., list[Finding]]:
    """Return a function that checks an address on this machine."""

    def run(url: str, key: str = "", **limits: float) -> list[Finding]:
        fetcher = Fetcher(allow_private=True, **limits)  # type: ignore[arg-type]
        return list(check(url, fetcher, Known("9.9.9", (SCRIPT, PINNED, MORE), key)))

    return run
