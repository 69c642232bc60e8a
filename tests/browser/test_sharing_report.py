"""Each way of sharing, all the way: gesture, what goes out, a second profile, the report.

All tests share one running `darksocial serve --demo`, at which each way is taken once.
"""

from __future__ import annotations

import itertools
import re
import urllib.error
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import Profiles
from served import PAUSE, Served, visits
from waiting import wait_until

from darksocial.rules import tokens

pytestmark = pytest.mark.browser

ARTICLE = "city/night-train"
_numbers = itertools.count(220)

ADD = "html => document.body.insertAdjacentHTML('afterbegin', html)"
COPY_FIELD = """() => {
    const field = document.body.appendChild(document.createElement('textarea'));
    field.value = location.href;
    field.select();
    document.execCommand('copy');
}"""
WRITE = """async () => {
    const text = new Blob([location.href], { type: 'text/plain' });
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
}"""


def linked(reader: Any, href: str) -> None:
    """Put a link to the top of the page."""
    reader.evaluate(ADD, f'<p><a id=link href="{href}">pass on</a> <b id=end>here</b></p>')


def copy_field(reader: Any) -> str:
    reader.evaluate(COPY_FIELD)
    return str(reader.evaluate("navigator.clipboard.readText()"))


def write(reader: Any) -> str:
    reader.evaluate(WRITE)
    return str(reader.evaluate("navigator.clipboard.readText()"))


def share_link(reader: Any) -> str:
    linked(reader, f"https://wa.me/?text={reader.url}")
    reader.evaluate("""() => {
        link.onclick = event => { window.given = link.href; event.preventDefault(); };
    }""")
    reader.click("#link")
    return unquote(reader.evaluate("given")).partition("?text=")[2]


def context_menu(reader: Any) -> str:
    linked(reader, reader.url)
    reader.click("#link", button="right")
    return str(reader.evaluate("link.href"))


def drag(reader: Any) -> str:
    linked(reader, reader.url)
    reader.evaluate("""() => {
        end.ondragover = event => event.preventDefault();
        end.ondrop = event => {
            window.given = event.dataTransfer.getData('text/uri-list');
            event.preventDefault();
        };
    }""")
    reader.drag_and_drop("#link", "#end")
    return str(reader.evaluate("given"))


def print_page(reader: Any) -> str:
    linked(reader, reader.url)
    links = re.findall(r"/URI \((.*?)\)", reader.pdf().decode("latin-1"))
    return next(link for link in links if f"/{ARTICLE}?ds=" in link)


def qr(reader: Any) -> str:
    return str(reader.evaluate("darksocial.qr()"))


def address_bar(reader: Any) -> str:
    reader.evaluate("darksocial('consent', 'granted')")
    return str(reader.url)


WAYS: tuple[tuple[Callable[[Any], str], str, int], ...] = (
    (copy_field, "copy_button", 1),
    (write, "copy_button", 1),
    (share_link, "share_link", 1),
    (context_menu, "context_menu", 0),
    (drag, "drag", 1),
    (print_page, "print", 1),
    (qr, "qr", 1),
    (address_bar, "address_bar", 0),
)


IDS = [act.__name__ for act, _, _ in WAYS]


@dataclass(frozen=True)
class Passed:
    """What a reader passed on, and the token in it."""

    link: str
    token: str
    key: str


@pytest.fixture(scope="module")
def served(running: Served) -> Served:
    return running


@pytest.fixture(scope="module")
def before(served: Served) -> dict[str, Any]:
    """The overview before anybody passed anything on."""
    return served.settled()


@pytest.fixture(scope="module")
def passed(chromium: Any, served: Served, before: dict[str, Any]) -> Iterator[dict[str, Passed]]:
    """Each way once, after `before`: somebody passes a link on, a friend opens it elsewhere."""
    profiles = Profiles(chromium)

    def visitor() -> Any:
        version = next(_numbers)
        agent = (
            f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        )
        return profiles.new(user_agent=agent).new_page()

    done = {}
    for act, _, _ in WAYS:
        reader = opened(visitor(), served.address("demo") + ARTICLE)
        link = act(reader)
        key = reader.locator("script[data-site]").first.get_attribute("data-site")
        done[act.__name__] = Passed(link, link.partition("?ds=")[2], str(key))
        opened(visitor(), link)
        profiles.close()
    yield done
    assert profiles.errors == []


def opened(page: Any, address: str) -> Any:
    """Open a page of the demo site and wait until the tracker has its view."""
    with page.expect_response("**/c") as answer:
        page.goto(address)
    assert answer.value.status == 204
    page.evaluate("darksocial()")
    return page


@pytest.mark.parametrize(("act", "method"), [row[:2] for row in WAYS], ids=IDS)
def test_what_was_passed_on_is_dark_social(
    served: Served, passed: dict[str, Passed], act: Callable[[Any], str], method: str
) -> None:
    one = passed[act.__name__]
    assert one.link == f"{served.address('demo')}{ARTICLE}?ds={one.token}"
    assert tokens.decode(one.token, one.key).method == method

    def seen() -> Any:
        return next((row for row in tree(served, one.token) if row["visits"]), None)

    share = wait_until(seen)
    assert (share["token"], share["method"], share["visits"]) == (one.token, method, 1)


def tree(served: Served, token: str) -> Sequence[dict[str, Any]]:
    """Return the share tree of a token; none, where the store has not heard of it yet."""
    try:
        rows: Sequence[dict[str, Any]] = served.figures("tree", token=token)["rows"]
    except urllib.error.HTTPError:
        return ()
    return rows


def test_the_overview_counts_them(
    served: Served, before: dict[str, Any], passed: dict[str, Passed]
) -> None:
    evidence = {"channel": "dark_social", "evidence": "token", "reported_channel": "Direct"}
    wanted = visits(before, **evidence) + len(passed)
    wait_until(lambda: visits(served.figures(), **evidence) == wanted, pause=PAUSE)
    after = served.figures()
    assert after["shares"] == before["shares"] + sum(reported for _, _, reported in WAYS)
    assert after["visits"] == before["visits"] + 2 * len(passed)
