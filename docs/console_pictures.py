"""Draws the pictures of docs/marketer.md: `python docs/console_pictures.py`.

`darksocial serve --demo` is started with its two weeks of example data, and Chromium (Debian's)
looks at some of the console's pages; needs what the browser tests need.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "tests" / "browser"))

from served import Served  # noqa: E402 (it stands with the tests)

PAGES = {
    "overview": "/",
    "funnel": "/reports/funnel",
    "tree": "/reports/tree",
    "conversions": "/reports/conversions",
}
WIDTH, HEIGHT = 1000, 900


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        served = Served(Path(home) / "store")
        try:
            served.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=shutil.which("chromium"), args=["--no-sandbox"]
                )
                pictures(browser, served.address("console"))
                browser.close()
        finally:
            served.stop()


def pictures(browser: Any, console: str) -> None:
    """Make a picture of what each page shows first."""
    tab = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB"
    )
    tab.goto(console)
    for name, path in PAGES.items():
        tab.goto(tab.evaluate("location.origin") + path)
        tab.screenshot(path=FOLDER / f"console-{name}.png")


if __name__ == "__main__":
    main()
