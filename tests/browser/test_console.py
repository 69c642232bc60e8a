"""The console's pages in a browser: both languages, phone and desktop, and for everybody.

Screenshots stand in the directory that DARKSOCIAL_SCREENSHOTS names, where it is set.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "js_snippet" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = os.environ.get("DARKSOCIAL_SCREENSHOTS", "")
PAGES = {
    "overview": "/?compare=on",
    "channels": "/channels",
    "pages": "/pages",
    "funnel": "/reports/funnel",
    "tree": "/reports/tree",
    "sharers": "/reports/sharers",
    "conversions": "/reports/conversions?model=linear",
    "engagement": "/reports/engagement",
    "links": "/links",
    "new link": "/links/new",
    "visits": "/visits",
    "letters": "/letters",
    "privacy": "/privacy?kind=cnil",
    "refused": "/refused",
    "account": "/account",
}
WIDTHS = {"phone": 360, "desktop": 1280}
LARGEST = 100_000  # bytes of a page without pictures


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("served") / "store")
    try:
        served.start()
        yield served
    finally:
        if served.running:
            served.stop()


@pytest.fixture(scope="module")
def tab(chromium: Any, running: Served) -> Iterator[Any]:
    """A tab of the person who started the console; what scripts complain about is noted."""
    context = chromium.new_context()
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(running.address("console"))
    yield page
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [("phone", "light", "de"), ("desktop", "dark", "de"), ("desktop", "light", "en")],
)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_and_can_be_used_by_everybody(
    tab: Any, name: str, width: str, scheme: str, language: str
) -> None:
    tab.set_viewport_size({"width": WIDTHS[width], "height": 900})
    tab.emulate_media(color_scheme=scheme)
    path = PAGES[name]
    tab.complaints.clear()
    answer = tab.goto(_address(tab, path + ("&" if "?" in path else "?") + f"lang={language}"))
    assert answer.status == 200
    assert tab.evaluate("document.documentElement.lang") == language
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    assert len(answer.body()) < LARGEST
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=f"{SCREENSHOTS}/{name}-{width}-{scheme}-{language}.png", full_page=True)
    assert violations(tab) == []
    assert tab.complaints == []


def test_it_is_read_without_scripts(chromium: Any, running: Served) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(running.address("console"))
    assert page.locator("h1").is_visible()
    page.click("nav a >> nth=1")
    assert page.locator("#channels-table").is_visible()
    context.close()


def violations(tab: Any) -> list[str]:
    """Return what axe-core finds wrong with a page, element by element."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci in js_snippet")
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def _address(tab: Any, path: str) -> str:
    base = str(tab.evaluate("location.origin"))
    return base + path
