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
    "overview of a part": "/?device=mobile&channel=dark_social",
    "now": "/now",
    "channels": "/channels",
    "pages": "/pages",
    "funnel": "/reports/funnel",
    "timing": "/reports/timing",
    "tree": "/reports/tree",
    "sharers": "/reports/sharers",
    "conversions": "/reports/conversions?model=linear",
    "engagement": "/reports/engagement",
    "public": "/reports/public",
    "campaigns": "/reports/campaigns",
    "plan campaigns": "/campaigns",
    "public figures": "/public-figures",
    "links": "/links",
    "new link": "/links/new",
    "visits": "/visits",
    "segments": "/segments?page=/travel/*&device=mobile",
    "setup": "/setup",
    "letters": "/letters",
    "privacy": "/privacy?kind=cnil",
    "refused": "/refused",
    "account": "/account",
}
WIDTHS = {"phone": 360, "desktop": 1280}
VISITOR = (  # a browser without a head calls itself one, and counts as a bot
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)
LARGEST = 100_000  # bytes of a page without pictures
CURRENT_ENTRIES_OUT_OF_VIEW = """
[...document.querySelectorAll("nav [aria-current]")].filter((entry) => {
  const { left, right } = entry.getBoundingClientRect();
  return left < 0 || right > innerWidth;
}).map((entry) => entry.textContent)
"""
BROKEN_COLUMNS = """
[...document.querySelectorAll(".scroll thead th.text")].filter(
  (cell) => cell.getBoundingClientRect().width < 128
).map((cell) => cell.textContent)
"""  # columns of text that are too narrow for a word


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
    assert answer.status == 200, tab.text_content("main")
    assert tab.evaluate("document.documentElement.lang") == language
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    assert tab.evaluate(CURRENT_ENTRIES_OUT_OF_VIEW) == []
    assert tab.evaluate(BROKEN_COLUMNS) == []
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
    page.click("nav a:text-is('Channels')")
    assert page.locator("#channels-table").is_visible()
    context.close()


def test_the_live_view_renews_itself(tab: Any, running: Served) -> None:
    tab.goto(_address(tab, "/now?lang=en"))
    before = tab.text_content("h1")
    other = tab.context.browser.new_context(user_agent=VISITOR)
    other.new_page().goto(running.address("demo"))
    tab.wait_for_function("was => document.querySelector('h1').textContent !== was", arg=before)
    assert "in the last half hour" in tab.text_content("h1")
    assert tab.locator("[data-rows=page] tr").count() >= 1
    other.close()


def test_the_demo_site_is_checked_from_its_page(tab: Any, running: Served) -> None:
    tab.goto(_address(tab, "/setup?lang=en"))
    tab.fill("input[name=url]", running.address("demo"))
    tab.click("text=Check the installation")
    tab.wait_for_selector("#findings-table")
    assert tab.locator("#findings-table .level-error").count() == 0
    assert "takes events of this page" in tab.text_content("#findings-table")
    if SCREENSHOTS:
        tab.screenshot(path=f"{SCREENSHOTS}/checked.png", full_page=True)
    assert violations(tab) == []


@pytest.mark.parametrize(("width", "scheme"), [("phone", "light"), ("desktop", "dark")])
def test_example_data_goes_and_comes_back_with_one_click(tab: Any, width: str, scheme: str) -> None:
    tab.set_viewport_size({"width": WIDTHS[width], "height": 900})
    tab.emulate_media(color_scheme=scheme)
    tab.goto(_address(tab, "/setup?lang=en"))
    tab.click("text=Take the example data out")
    tab.wait_for_selector("text=Enter the example data")
    tab.goto(_address(tab, "/?from=2020-01-01&to=2020-01-02&lang=en"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    assert violations(tab) == []
    tab.goto(_address(tab, "/links?lang=en"))
    assert "has no managed links yet" in tab.text_content("main")
    if SCREENSHOTS:
        tab.screenshot(path=f"{SCREENSHOTS}/empty-{width}-{scheme}.png", full_page=True)
    assert violations(tab) == []
    tab.goto(_address(tab, "/setup?lang=en"))
    tab.click("text=Enter the example data")
    # The overview fills by itself as soon as the data is in the store.
    tab.wait_for_selector("#totals-list", timeout=60_000)


def test_a_segment_is_saved_from_the_filters_and_chosen(tab: Any) -> None:
    tab.goto(_address(tab, "/channels?device=mobile&lang=en"))
    tab.click("text=Save as a segment")
    tab.fill("input[name=name]", "On the way")
    tab.click("button:text-is('Save')")
    assert "segment=On+the+way" in tab.url
    tab.click("nav >> text=Funnel")
    assert tab.locator("select[name=segment]").input_value() == "On the way"
    assert violations(tab) == []
    tab.goto(_address(tab, "/segments?lang=en"))
    tab.click("text=Remove")
    assert tab.locator("#segments-table").count() == 0


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
