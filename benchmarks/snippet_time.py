"""What the snippet costs a slow visitor, beside other scripts: script time, long tasks, one copy.

`python benchmarks/snippet_time.py` needs Chromium, Playwright, npm and the snippet's packages
(`npm ci` in js_snippet). The processor is throttled 4 times, or as often as an argument says (`1`
is not at all); nothing comes out of a cache. Chromium throttles by stopping the thread for a while
again and again, so a time below a millisecond comes in lumps, and on a busy machine in larger ones:
the pause is as long as the clock says, whoever had the processor meanwhile. Four times the figures
without throttling are steadier.

What is counted is the time of the page's main thread, by the processor and not by the clock. The
pages have no script but the one that their tag names, so whatever runs there is its doing:

- *holds it up*: compiling and running the tag's file. The page is not ready before that is done.
- *in all*: besides, every function, microtask and module that runs until the network is quiet: what
  the script does later, in tasks of its own. "no script" shows that nothing else gets in.
- *copy*: the listeners of the one copy event, not what the browser does to fill the clipboard.
  Each is the first of its page, so much of it runs for the first time; *again* is the second.
  Between selecting and copying a tenth of a second goes by, less than anybody needs. The floor is
  a page whose own listener does no more than put two words into the clipboard.

Calls into the browser count where they are made: asking for one request takes longer than most
scripts' own work. So beside the scripts stand tags that do nothing but send one event, and that
besides import an empty module, as ours does.

The other scripts are what their makers publish as npm packages, started as their documentation
says; GoatCounter publishes none with its browser script. Some send nothing for a browser that says
it is automated, so this one does not say so, and a load without an event is an error. Other work on
the machine adds to the times: the median counts, and the least is shown beside.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench import alternate, median_of, table
from playwright.sync_api import sync_playwright
from snippet import fetched, minified

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from clipboard import READY, SELECT
from website import Website

SLOWDOWN = float(sys.argv[1]) if sys.argv[1:] else 4.0
ROUNDS = 5
BARE, OURS = "no script", "darksocial"
HOLDS = ("EvaluateScript", "v8.compile")
RUNS = (*HOLDS, "FunctionCall", "RunMicrotasks", "v8.compileModule", "v8.evaluateModule")
LOADS = ("page with", "holds it up, ms", "least", "in all, ms", "least")
LIMITS = ("darksocial", f"median of {ROUNDS}, ms", "least", "limit, ms")
BODY = "<p id=it>Read <a href='/x'>{origin}/x</a>, <b>now</b>.</p><pre>curl | sh</pre>"
ARTICLE = BODY + "<p id=words>{}</p>".format("word " * 200) + "<p>{}</p>".format("word " * 200) * 39
LONGEST = """
    window.longest = 0;
    new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: 'longtask', buffered: true });
"""
SEND = "fetch('/api/event', { method: 'POST', body: 'x', keepalive: true });"
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
FLOOR = """<script>
    addEventListener('copy', event => {
        event.preventDefault();
        event.clipboardData.setData('text/plain', 'word');
        event.clipboardData.setData('text/html', '<b>word</b>');
    });
</script>"""
HESITATE = "() => new Promise(done => setTimeout(done, 100))"
# Name, what is copied, which copy of its page.
COPIES = (
    ("a copy without a URL", "#words", 1),
    ("a copy with a URL of the site", "#it", 1),
    ("that again", "#it", 2),
)
FLOORS = (("the floor of a copy", "#it", 1), ("that again (floor)", "#it", 2))

Trace = list[dict[str, Any]]


class Visitor:
    """Tabs on a slow machine, one of which notes long tasks, and the site that they visit."""

    def __init__(self, site: Website, page: Any, watched: Any) -> None:
        self.site = site
        self.page = page
        self.watched = watched
        self._posts: list[str] = []
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if request.method == "POST":
            self._posts.append(request.url)

    def check(self, name: str, url: str) -> None:
        """Fail where a page sends no event, or sends one without a script."""
        self._posts.clear()
        self.page.goto(url, wait_until="networkidle")
        if bool(self._posts) != (name != BARE):
            raise RuntimeError(f"The page with {name} has sent {self._posts}.")

    def load(self, url: str) -> Trace:
        """Return the trace of a load that comes from nowhere."""
        self.page.goto("about:blank")
        return traced(self.page, lambda: self.page.goto(url, wait_until="networkidle"))

    def held(self, url: str) -> float:
        """Return the milliseconds for which the file of a page's tag holds it up."""
        return script_ms(self.load(url), HOLDS)

    def whole(self, url: str) -> float:
        """Return the milliseconds of everything that runs on a page."""
        return script_ms(self.load(url), RUNS)

    def longest(self, url: str) -> float:
        """Return the longest task of a load above 50 ms, or 0."""
        self.watched.goto(url, wait_until="networkidle")
        return float(self.watched.evaluate("longest"))

    def copy(self, url: str, selector: str, number: int) -> float:
        """Return the milliseconds of a page's first copy event, or of a later one."""
        self.page.goto(url, wait_until="networkidle")
        self.page.evaluate(READY)
        for _ in range(number):
            self.page.evaluate(SELECT, selector)
            self.page.evaluate(HESITATE)
            trace = traced(self.page, lambda: self.page.keyboard.press("Control+c"))
        return copy_ms(trace)


def main() -> int:
    with tempfile.TemporaryDirectory() as work, Website() as site, slow(site) as visitor:
        urls = dict(pages(Path(work), visitor))
        for name, url in urls.items():
            visitor.check(name, url)
        held, whole, tasks = (
            alternate({name: partial(measure, url) for name, url in urls.items()}, ROUNDS)
            for measure in (visitor.held, visitor.whole, visitor.longest)
        )
        floor = visitor.site.add("/floor", ARTICLE, FLOOR)
        kinds = ((urls[OURS], COPIES), (floor, FLOORS))
        copied = {name: partial(visitor.copy, url, *how) for url, of in kinds for name, *how in of}
        copies = alternate(copied, ROUNDS)
    print(table(LOADS, ((name, *both(held, name), *both(whole, name)) for name in urls)))
    limits = [("holds up the page", held[OURS], 5.0), ("script in all", whole[OURS], 5.0)]
    limits += [(name, copies.pop(name), 1.0) for name, *_ in COPIES]
    limits += [("longest task over 50", tasks[OURS], 50.0)]
    rows = [(name, *spread(times), f"{limit:.0f}") for name, times, limit in limits]
    rows += [(name, *spread(times), "") for name, times in copies.items()]
    print(table(LIMITS, rows))
    return int(any(median_of(times) >= limit for _, times, limit in limits))


def both(times: dict[str, list[float]], name: str) -> tuple[str, str]:
    return spread(times[name])


def spread(times: list[float]) -> tuple[str, str]:
    """Return the median and the least of some times."""
    return f"{median_of(times):.2f}", f"{min(times):.2f}"


@contextmanager
def slow(site: Website) -> Iterator[Visitor]:
    """A browser with two throttled tabs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=("--no-sandbox", "--disable-gpu", "--disable-blink-features=AutomationControlled"),
        )
        page, watched = throttled(browser), throttled(browser)
        watched.add_init_script(LONGEST)
        yield Visitor(site, page, watched)
        browser.close()


def throttled(browser: Any) -> Any:
    page = browser.new_page()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.route("**/api/**", lambda route: route.fulfill(status=202, body="{}"))
    return page


def pages(work: Path, visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Yield the name of each script and the URL of a page that carries it."""
    yield BARE, visitor.site.add("/bare", ARTICLE, tag="")
    yield "one `fetch`, nothing else", carrying(visitor, "fetch", "", SEND)
    empty = hosted(visitor, "empty", "export default 1;")
    yield "a `fetch` and an `import`", carrying(visitor, "both", "", f"{SEND} import('{empty}');")
    yield OURS, visitor.site.add("/page", ARTICLE)
    for number, (name, package, file, attributes, call) in enumerate(OTHERS):
        entry = (fetched(work, package) / file).with_name("started.js")
        entry.write_text(f"import * as tracker from './{Path(file).name}';\n{call}")
        code = minified(entry).decode()
        yield name, carrying(visitor, f"other{number}", attributes, code)


def carrying(visitor: Visitor, name: str, attributes: str, code: str) -> str:
    """Return the URL of a page that carries a script."""
    tag = f"<script defer {attributes} src='{hosted(visitor, name, code)}'></script>"
    return visitor.site.add(f"/{name}", ARTICLE, tag)


def hosted(visitor: Visitor, name: str, code: str) -> str:
    """Return the URL of a script, on another origin than the page."""
    source: str = visitor.site.url(f"/{name}.js", "127.0.0.1")
    for page in (visitor.page, visitor.watched):
        page.route(source, answering(code))
    return source


def answering(code: str) -> Callable[[Any], None]:
    headers = {"Access-Control-Allow-Origin": "*"}
    return lambda route: route.fulfill(content_type="text/javascript", body=code, headers=headers)


def traced(page: Any, act: Callable[[], Any]) -> Trace:
    """Return what the main threads of pages did, as a trace, while something is done."""
    browser = page.context.browser
    browser.start_tracing(page=page, categories=["devtools.timeline", "v8"])
    try:
        act()
    finally:
        events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {thread(event) for event in events if event["args"].get("name") == "CrRendererMain"}
    return [event for event in events if event.get("ph") == "X" and thread(event) in main]


def thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def script_ms(trace: Trace, kinds: tuple[str, ...]) -> float:
    """Return the processor's milliseconds for events of these kinds, nested ones once."""
    end = total = 0
    for event in sorted(trace, key=lambda event: float(event["ts"])):
        if event["name"] in kinds and event["ts"] >= end:
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
