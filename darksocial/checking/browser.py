"""The same question to a real browser: does an event leave the page? Nothing is recorded by it.

Needs Playwright and a Chromium: `pip install playwright`, then the system's Chromium or
`playwright install chromium`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from darksocial.checking.finding import Finding, error, ok, warning
from darksocial.errors import InputError

SECONDS = 10.0
STEP_MS = 50

_SCRIPT = re.compile(r"/ds(\.[0-9]+\.[0-9]+\.[0-9]+)?\.js$", re.ASCII)
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(slots=True)
class _Seen:
    scripts: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)


def check_in_browser(url: str, seconds: float = SECONDS) -> Iterator[Finding]:
    """Open the page in Chromium and yield what happened to the snippet."""
    seen = _visit(url, seconds)
    for text in dict.fromkeys(seen.policies):
        yield error("browser", text, "See the finding on csp.")
    for script in seen.failed:
        yield error("browser", f"{script} did not load.", "See the findings on script and csp.")
    if seen.events:
        yield ok("browser", f"The page sent {', '.join(dict.fromkeys(seen.events))}.")
    elif set(seen.scripts) - set(seen.failed):
        text = "The script loaded, but no page view left the page."
        yield error("browser", text, "Is it in manual mode, or does it wait for a consent call?")
    elif not seen.scripts:
        text = f"No ds.js was asked for within {seconds:g} seconds."
        yield warning("browser", text, "Does a consent manager or tag manager hold it back?")


def _visit(url: str, seconds: float) -> _Seen:
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as trouble:
        raise InputError(
            "--browser needs Playwright: install it with `pip install playwright`."
        ) from trouble
    seen = _Seen()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**_launch())
            try:
                _watch(browser.new_page(), url, seconds, seen)
            finally:
                browser.close()
    except Error as trouble:
        reason = str(trouble).strip().splitlines()[0]
        raise InputError(f"The browser could not open {url}: {reason}") from trouble
    return seen


def _launch() -> dict[str, Any]:
    options: dict[str, Any] = {}
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program:
        options["executable_path"] = program
    if os.geteuid() == 0:
        options["args"] = ["--no-sandbox"]
    return options


def _watch(page: Any, url: str, seconds: float, seen: _Seen) -> None:
    page.route("**/*", lambda route: _pass(route, seen))
    page.on("requestfailed", lambda request: _note_failure(request.url, seen))
    page.on("console", lambda message: _note_policy(message.text, seen))
    page.goto(url, wait_until="load", timeout=seconds * 1000)
    deadline = time.monotonic() + seconds
    while not seen.events and time.monotonic() < deadline:
        page.wait_for_timeout(STEP_MS)


def _pass(route: Any, seen: _Seen) -> None:
    request = route.request
    if _is_ours(request.url):
        seen.scripts.append(request.url)
    kinds = _event_kinds(request.post_data) if request.method == "POST" else []
    if kinds:
        seen.events += kinds
        route.fulfill(status=204)  # what a check does is no visit
    else:
        route.continue_()


def _event_kinds(body: str | None) -> list[str]:
    try:
        batch = json.loads(body or "")
        return [str(event["t"]) for event in batch["e"] if isinstance(batch["k"], str)]
    except (ValueError, KeyError, TypeError):
        return []


def _note_failure(url: str, seen: _Seen) -> None:
    if _is_ours(url):
        seen.failed.append(url)


def _note_policy(text: str, seen: _Seen) -> None:
    if "Content Security Policy" in text and "ds." in text:
        seen.policies.append(text.splitlines()[0][:200])


def _is_ours(url: str) -> bool:
    return bool(_SCRIPT.search(url.partition("?")[0]))
