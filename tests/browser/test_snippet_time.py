"""What the snippet costs a slow visitor: script time at load and at a copy, CPU throttled 4 times.

    DARKSOCIAL_TIMES=1 python -m pytest tests/browser/test_snippet_time.py -s

prints the times, and measures only then: on a busy machine they say little. They are the
processor's, not the clock's, and other work on the machine only adds to them: so the least of
some rounds counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from clipboard import SELECT
from website import Website

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("DARKSOCIAL_TIMES"), reason="times are measured with DARKSOCIAL_TIMES=1"
    ),
]

MOST_ROUNDS = 30
SLOWDOWN = 4
LOAD_MS = 5
COPY_MS = 1
LONG_TASK_MS = 50
RUNS = ("EvaluateScript", "v8.compile", "FunctionCall", "v8.evaluateModule", "v8.compileModule")
BODY = "<p id=it>Read <a href='/x'>{origin}/x</a>, <b>now</b>.</p><pre>curl | sh</pre>"
ARTICLE = "<p>{}</p>".format("word " * 200) * 40

Trace = list[dict[str, Any]]


@pytest.fixture
def slow(fresh: Any) -> Any:
    """A tab on a machine that is four times slower."""
    session = fresh.context.new_cdp_session(fresh)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    return fresh


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
    """Return the processor's milliseconds for scripts of the tracker, nested ones once."""
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


def least(limit: float, measure: Callable[[], float]) -> float:
    """Return the least of some rounds, or the first one below the limit."""
    times: list[float] = []
    while len(times) < MOST_ROUNDS and min(times, default=limit) >= limit:
        times.append(measure())
    print(f"{min(times):.2f} ms in round {len(times)}")
    assert min(times) > 0
    return min(times)


def test_loading_costs_less_than_5_ms(slow: Any, site: Website) -> None:
    url = site.add("/page", BODY + ARTICLE)

    def load() -> float:
        return script_ms(traced(slow, lambda: slow.goto(url, wait_until="networkidle")))

    assert least(LOAD_MS, load) < LOAD_MS
    assert site.events


def test_a_copy_costs_less_than_1_ms(slow: Any, site: Website) -> None:
    slow.goto(site.add("/page", BODY + ARTICLE))
    site.wait("pageview")
    slow.evaluate(SELECT, "#it")

    def copy() -> float:
        return copy_ms(traced(slow, lambda: slow.keyboard.press("Control+c")))

    assert least(COPY_MS, copy) < COPY_MS
    assert {event["t"] for event in site.events} == {"pageview", "share"}


def test_no_task_is_long(slow: Any, site: Website) -> None:
    url = site.add("/page", BODY)
    slow.add_init_script("""
        window.long = [];
        new PerformanceObserver(list => long.push(...list.getEntries().map(e => e.duration)))
            .observe({type: 'longtask', buffered: true});
    """)

    def longest() -> float:
        slow.goto(url, wait_until="networkidle")
        slow.evaluate("darksocial()")
        return 1 + float(slow.evaluate("Math.max(0, ...long)"))

    assert least(LONG_TASK_MS, longest) < LONG_TASK_MS
