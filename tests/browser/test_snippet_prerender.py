"""A page that the browser prerenders for real is viewed when it is shown, not before.

Chromium prerenders nothing for pages that a debugger looks at, so this one is left alone: the
pages themselves go on when the website lets them.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from waiting import wait_until
from website import Website

pytestmark = pytest.mark.browser

SECONDS = 60
# Prerenders a page, and goes there as soon as there is `/ready`.
FROM = """<script type=speculationrules>
    {"prerender": [{"source": "list", "urls": ["/page"], "eagerness": "immediate"}]}
</script><script>
    const poll = async () => {
        const { ok } = await fetch('/ready');
        if (ok) location.href = '/page';
        else setTimeout(poll, 50);
    };
    poll();
</script>"""
# Any script that the website counts tells that this page has loaded, deferred scripts included.
LOADED = "<script>addEventListener('load', () => import('/survey.js'))</script>"


@pytest.fixture
def visitor(tmp_path: Path, site: Website) -> Iterator[None]:
    """Somebody who opens `/from`."""
    program = shutil.which("chromium")
    if not program:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    site.add("/from", FROM, tag="")
    site.add("/page", LOADED)
    # Without a port for a debugger it would print the page and end.
    options = (
        "--headless=new",
        "--no-sandbox",
        "--no-first-run",
        "--remote-debugging-port=0",
        f"--user-data-dir={tmp_path}",
    )
    process = subprocess.Popen(
        [program, *options, site.url("/from")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield
    process.terminate()
    process.wait()


@pytest.mark.usefixtures("visitor")
def test_a_prerendered_page_is_viewed_when_it_is_shown(site: Website) -> None:
    wait_until(lambda: "/survey.js" in site.asked)
    assert site.asked[0] == "/ds.js"
    assert site.events == []
    site.add("/ready", "now", tag="")
    (view,) = site.wait("pageview")
    assert (view["u"], view["r"]) == (site.url("/page"), site.url("/from"))
    assert view["n"] == "prerender"
    assert site.asked.count("/ds.js") == 1
