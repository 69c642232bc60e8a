"""Fixtures of the browser tests: a real Chromium, profiles of it, and a web site to visit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from served import Served
from website import Website

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium, as Playwright's `Browser`; the back/forward cache is on."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pip install playwright"
    )
    program = shutil.which("chromium")
    if not program:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=program,
            args=ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`darksocial serve --demo` with data of its own, for a module."""
    served = Served(tmp_path_factory.mktemp("served") / "store")
    try:
        served.start()
        yield served
    finally:
        if served.running:
            served.stop()


class Profiles:
    """Profiles of one browser: nothing of one is known in another."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.errors: list[str] = []

    def new(self, **options: Any) -> Any:
        """Return a profile, as Playwright's `BrowserContext`; its script errors are noted."""
        permissions = ["clipboard-read", "clipboard-write"]
        context = self._browser.new_context(permissions=permissions, **options)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self._contexts.append(context)
        return context

    def close(self) -> None:
        while self._contexts:
            self._contexts.pop().close()


@pytest.fixture
def profiles(chromium: Any) -> Iterator[Profiles]:
    """Profiles that end with the test; a script error in any of their pages fails it."""
    made = Profiles(chromium)
    yield made
    made.close()
    assert made.errors == []


@pytest.fixture(scope="module")
def _shared(chromium: Any) -> Iterator[tuple[Profiles, Any]]:
    made = Profiles(chromium)
    yield made, made.new().new_page()
    made.close()


@pytest.fixture
def page(_shared: tuple[Profiles, Any]) -> Iterator[Any]:
    """A tab, as Playwright's `Page`. Opening one is slow, so the tests of a module share it.

    What would outlive a test (cookies, listeners, scripts for every page) belongs into `fresh`.
    """
    made, page = _shared
    made.errors.clear()
    yield page
    assert made.errors == []


@pytest.fixture
def fresh(profiles: Profiles) -> Any:
    """A tab in a profile of its own."""
    return profiles.new().new_page()


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as website:
        yield website
