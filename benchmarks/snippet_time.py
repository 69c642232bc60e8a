"""What the snippet costs a slow visitor, beside other scripts: script time, long tasks, one copy.

`python benchmarks/snippet_time.py` needs Chromium, Playwright, npm and the snippet's packages
(`npm ci` in js_snippet). The processor is throttled 4 times; of five loads of one article the
median is compared with the limit. Times are the processor's and not the clock's, but other work on
the machine adds to them all the same: the least is shown beside. The other scripts are what their
makers publish as npm packages, started as their documentation says; GoatCounter publishes none
with its browser script.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import ROUNDS, alternate, median_of, table
from playwright.sync_api import sync_playwright
from snippet import fetched, minified

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from clipboard import SELECT, visit
from website import Website

SLOWDOWN = 4
LIMITS = {"load": 5.0, "copy": 1.0, "task": 50.0}
RUNS = ("EvaluateScript", "v8.compile", "FunctionCall", "v8.evaluateModule", "v8.compileModule")
BODY = "<p id=it>Read <a href='/x'>{origin}/x</a>, <b>now</b>.</p><pre>curl | sh</pre>"
ARTICLE = BODY + "<p>{}</p>".format("word " * 200) * 40
LONGEST = """
    window.longest = 0;
    new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: true });
"""
# Name, package with version, file in it, attributes of its tag, what a page calls.
OTHERS = (
    ("Umami 2.10", "umami@2.10.0", "src/tracker/index.js", "data-website-id=1", ""),
    (
        "Plausible",
        "@plausible-analytics/tracker@0.4.6",
        "plausible.js",
        "",
        "tracker.init({ domain: 'a.test', endpoint: '/api/event', captureOnLocalhost: true });",
    ),
    (
        "Plausible, legacy",
        "plausible-tracker@0.3.9",
        "build/module/index.js",
        "",
        "tracker.default({ domain: 'a.test', trackLocalhost: true }).enableAutoPageviews();",
    ),
)

Trace = list[dict[str, Any]]


@dataclass(frozen=True)
class Visitor:
    """A tab on a slow machine, and the site that it visits."""

    page: Any
    site: Website

    def load(self, url: str) -> float:
        """Return the milliseconds that scripts from the tracker's host took at a load."""
        return script_ms(traced(self.page, lambda: self.page.goto(url, wait_until="networkidle")))

    def longest(self, url: str) -> float:
        """Return the longest task of a load above 50 ms, or 0."""
        self.page.goto(url, wait_until="networkidle")
        return float(self.page.evaluate("longest"))

    def copy(self, url: str) -> float:
        """Return the milliseconds of one copy event."""
        self.page.goto(url, wait_until="networkidle")
        self.page.evaluate(SELECT, "#it")
        trace = traced(self.page, lambda: self.page.keyboard.press("Control+c"))
        return copy_ms(trace)


def main() -> int:
    with tempfile.TemporaryDirectory() as work, Website() as site, slow(site) as visitor:
        urls = {"no script": site.add("/bare", ARTICLE, tag="")}
        urls["darksocial"] = site.add("/page", ARTICLE)
        urls |= dict(published(Path(work), visitor))
        visit(visitor.page, site, ARTICLE, "/warm")
        loads = alternate({name: bound(visitor.load, url) for name, url in urls.items()})
        tasks = alternate({name: bound(visitor.longest, url) for name, url in urls.items()})
        copies = alternate({"copy": bound(visitor.copy, urls["darksocial"])})["copy"]
    rows = [
        (name, *both(loads[name]), f"{median_of(tasks[name]):.0f}", f"{min(tasks[name]):.0f}")
        for name in urls
    ]
    heads = ("script at load, ms", "least", "longest task over 50, ms", "least")
    print(table(("page with", *heads), rows))
    found = {"load": loads["darksocial"], "copy": copies, "task": tasks["darksocial"]}
    shown = [(name, *both(found[name]), f"{limit:.0f}") for name, limit in LIMITS.items()]
    print(table(("darksocial", f"median of {ROUNDS}, ms", "least", "limit, ms"), shown))
    return int(any(median_of(found[name]) >= limit for name, limit in LIMITS.items()))


def both(times: list[float]) -> tuple[str, str]:
    """Return the median and the least of some times."""
    return f"{median_of(times):.2f}", f"{min(times):.2f}"


def bound(measure: Callable[[str], float], url: str) -> Callable[[], float]:
    return lambda: measure(url)


@contextmanager
def slow(site: Website) -> Iterator[Visitor]:
    """A browser with one throttled tab."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=("--no-sandbox", "--disable-gpu")
        )
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        page.add_init_script(LONGEST)
        page.route("**/api/**", lambda route: route.fulfill(status=202, body="{}"))
        yield Visitor(page, site)
        browser.close()


def published(work: Path, visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Yield each other script's name and the URL of a page that carries it."""
    for number, (name, package, file, attributes, call) in enumerate(OTHERS):
        code = minified(fetched(work, package) / file).decode() + call
        source = visitor.site.url(f"/other{number}.js", "127.0.0.1")
        visitor.page.route(source, answering(code))
        tag = f"<script defer {attributes} src='{source}'></script>"
        yield name, visitor.site.add(f"/other{number}", ARTICLE, tag)


def answering(code: str) -> Callable[[Any], None]:
    headers = {"Access-Control-Allow-Origin": "*"}
    return lambda route: route.fulfill(content_type="text/javascript", body=code, headers=headers)


def traced(page: Any, act: Callable[[], Any]) -> Trace:
    """Return the complete events of a trace while something is done."""
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["devtools.timeline", "v8"])
    try:
        act()
    finally:
        trace = json.loads(browser.stop_tracing())
    return [event for event in trace["traceEvents"] if event.get("ph") == "X"]


def script_ms(trace: Trace) -> float:
    """Return the processor's milliseconds for scripts of the tracker's host, nested ones once."""
    end = total = 0
    for event in sorted(trace, key=lambda event: float(event["ts"])):
        ours = event["name"] in RUNS and "127.0.0.1" in json.dumps(event.get("args", {}))
        if ours and event["ts"] >= end:
            total += event["tdur"]
            end = event["ts"] + event["dur"]
    return total / 1000


def copy_ms(trace: Trace) -> float:
    """Return the processor's milliseconds for the one copy event of a trace."""
    (time,) = (
        event["tdur"]
        for event in trace
        if event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "copy"
    )
    return float(time) / 1000


if __name__ == "__main__":
    raise SystemExit(main())
