"""From a copied link to a report: the real command, a real browser, and nobody in between.

All tests share one running `darksocial serve --demo`. Each has visitors of its own, and looks at
what its visits add to the figures.
"""

from __future__ import annotations

import itertools
import os
import re
import signal
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from served import PAUSE, SITE, Served, command, visits
from waiting import wait_until
from website import Website

pytestmark = pytest.mark.browser

ARTICLE = "city/night-train"
OTHER_ARTICLE = "sea/a-year-of-cold-water"
PASTE = "data:text/html,<div contenteditable id=it></div>"
_numbers = itertools.count(120)


@pytest.fixture
def served(running: Served) -> Served:
    """The running command, also after a test that stopped it."""
    if not running.running:
        running.start()
    return running


@pytest.fixture
def visitor(profiles: Any) -> Callable[..., Any]:
    """Make a visitor: a tab in a profile of its own, in a browser that nobody else has."""

    def make(**options: Any) -> Any:
        version = next(_numbers)
        agent = (
            f"Mozilla/5.0 (X11; Linux x86_64; rv:{version}.0) Gecko/20100101 Firefox/{version}.0"
        )
        return profiles.new(user_agent=agent, **options).new_page()

    return make


def opened(page: Any, address: str) -> None:
    """Open a page of the demo site and wait until the tracker has its view."""
    with page.expect_response("**/c") as answer:
        page.goto(address)
    assert answer.value.status == 204


def copied(page: Any) -> None:
    """Select the address in an article and copy it with the keyboard."""
    page.locator("#address").click(click_count=3)
    with page.expect_response("**/c") as answer:
        page.keyboard.press("Control+c")
    assert answer.value.status == 204


def pasted(page: Any) -> str:
    """Return the text that another visitor pastes."""
    page.goto(PASTE)
    page.focus("#it")
    page.keyboard.press("Control+v")
    return str(page.inner_text("#it")).strip()


def when(served: Served, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the console's figures are so; return them when nothing is on its way any more."""
    wait_until(lambda: reached(served.figures()), pause=PAUSE)
    return served.settled()


def test_a_copied_link_that_a_friend_opens_is_dark_social(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader = visitor()
    opened(reader, served.address("demo") + ARTICLE)
    copied(reader)

    friend = visitor()
    link = pasted(friend)
    assert re.fullmatch(rf"{served.address('demo')}{ARTICLE}\?ds=[0-9A-Za-z]{{10,32}}", link)
    opened(friend, link)

    def reached(figures: dict[str, Any]) -> bool:
        token = {"channel": "dark_social", "evidence": "token", "reported_channel": "Direct"}
        return visits(figures, **token) == visits(before, **token) + 1

    after = when(served, reached)
    assert after["visits"] == before["visits"] + 2
    assert after["reported_direct"] == before["reported_direct"] + 2
    assert after["direct_that_was_dark_social"] == before["direct_that_was_dark_social"] + 1
    assert after["still_direct"] == before["still_direct"] + 1
    assert after["shares"] == before["shares"] + 1
    assert after["example_visits"] == before["example_visits"]
    assert served.figures() == after  # the console says what the command prints


def test_a_preview_names_the_application_of_the_silent_click_that_follows(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader = visitor()
    opened(reader, served.address("demo") + ARTICLE)
    copied(reader)
    friend = visitor()
    link = pasted(friend)

    # What WhatsApp does as soon as the link stands in its composer.
    agent = {"User-Agent": "WhatsApp/2.23.20.0 A"}
    with urllib.request.urlopen(urllib.request.Request(link, headers=agent), timeout=20) as answer:
        assert answer.status == 200
    when(served, lambda figures: figures["previews"] == before["previews"] + 1)
    opened(friend, link)

    named = {"channel": "dark_social", "evidence": "preview", "application": "WhatsApp"}
    after = when(served, lambda figures: visits(figures, **named) == visits(before, **named) + 1)
    assert after["visits"] == before["visits"] + 2
    assert after["previews"] == before["previews"] + 1


def test_the_open_console_follows_by_itself(served: Served, visitor: Callable[..., Any]) -> None:
    console, complaints = visitor(), []
    console.on("console", lambda message: complaints.append(message.text))
    console.goto(served.address("console"))
    assert "key=" not in console.url
    shares = int(console.inner_text("h1 .dark").replace(",", ""))
    console.evaluate("window.stillTheSamePage = true")

    reader, friend = visitor(), visitor()
    opened(reader, served.address("demo") + OTHER_ARTICLE)
    copied(reader)
    opened(friend, pasted(friend))

    wanted = f"{shares + 1:,}"
    console.wait_for_function(
        "wanted => document.querySelector('h1 .dark').textContent === wanted",
        arg=wanted,
        timeout=60_000,
    )
    assert console.evaluate("window.stillTheSamePage")
    assert complaints == []


def test_the_copy_button_gives_a_link_with_a_token(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader, friend = visitor(), visitor()
    opened(reader, served.address("demo") + ARTICLE)
    with reader.expect_response("**/c"):
        reader.click("#copy-link")
    reader.get_by_text("The link is in your clipboard.").wait_for()
    opened(friend, pasted(friend))
    dark = before["direct_that_was_dark_social"] + 1
    when(served, lambda figures: figures["direct_that_was_dark_social"] == dark)


def test_the_share_sheet_gets_a_link_with_a_token(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader, friend = visitor(), visitor()
    # There is no share sheet on Linux: this one only notes what it was given.
    reader.add_init_script("navigator.share = async data => { window.given = data }")
    opened(reader, served.address("demo") + ARTICLE)
    with reader.expect_response("**/c"):
        reader.click("#share")
    opened(friend, reader.evaluate("window.given.url"))
    dark = before["direct_that_was_dark_social"] + 1
    when(served, lambda figures: figures["direct_that_was_dark_social"] == dark)


def test_sharers_who_open_their_own_link_stay_direct(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader = visitor()
    opened(reader, served.address("demo") + ARTICLE)
    copied(reader)
    link = reader.evaluate("navigator.clipboard.readText()")
    assert "?ds=" in link
    opened(reader, link)

    own = {"channel": "direct", "evidence": "own_share"}
    wanted = visits(before, **own) + 1
    after = when(served, lambda figures: visits(figures, **own) == wanted)
    assert after["dark_social"] == before["dark_social"]
    assert after["visits"] == before["visits"] + 2


def test_a_managed_link_is_one_click_and_one_visit(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before, before_links = served.settled(), served.figures("links")
    reader = visitor()
    reader.goto(served.address("demo") + "try")
    address = reader.locator(".links li", has_text="person").locator(".address").inner_text()
    code = address.rpartition("/")[2]
    assert address == f"{served.address('tracker')}/r/{code}"

    friend = visitor()
    opened(friend, address)
    assert friend.url.endswith(f"?ds={code}")
    opened(friend, served.address("demo") + ARTICLE + "#part-of-the-same-visit")

    linked = {"channel": "dark_social", "evidence": "link"}
    wanted = visits(before, **linked) + 1
    after = when(served, lambda figures: visits(figures, **linked) == wanted)
    added = {
        name: after_row[name] - before_row[name]
        for before_row in before_links["rows"]
        for after_row in served.figures("links")["rows"]
        if before_row["code"] == after_row["code"] == code
        for name in ("clicks", "visits", "previews")
    }
    assert added == {"clicks": 1, "visits": 1, "previews": 0}
    assert after["dark_social"] == before["dark_social"] + 1


def test_ctrl_c_keeps_everything_and_a_new_start_shows_the_same(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    opened(visitor(), served.address("demo") + ARTICLE)
    assert served.stop() == 0
    # Nobody owns the store now, so the command opens it itself.
    stopped = command(
        "report", "overview", "--site", SITE, "--format", "json", "--store", served.store
    )
    assert stopped["visits"] == before["visits"] + 1
    served.start()
    assert served.figures() == stopped


def test_a_killed_private_process_comes_back_and_nothing_is_lost(
    served: Served, visitor: Callable[..., Any]
) -> None:
    before = served.settled()
    reader, friend = visitor(), visitor()
    opened(reader, served.address("demo") + ARTICLE)
    owner = served.owner
    assert owner is not None
    os.kill(owner.pid, signal.SIGKILL)

    # The tracker goes on: what it acknowledges now waits in the spool.
    copied(reader)
    link = pasted(friend)
    wait_until(lambda: served.owner and served.owner.pid != owner.pid and served.demo_answers())
    assert "The private process had ended and was started again." in served.printed
    again = served.owner
    assert again is not None
    assert again.secret == owner.secret  # the printed address still holds
    opened(friend, link)

    dark = before["direct_that_was_dark_social"] + 1
    after = when(served, lambda figures: figures["direct_that_was_dark_social"] == dark)
    assert after["visits"] == before["visits"] + 2
    assert after["shares"] == before["shares"] + 1
    assert after["page_views"] == before["page_views"] + 2


ASK = """async ([address, path, options]) => {
    try {
        const answer = await fetch(address + path, { credentials: 'include', ...options });
        return answer.type;
    } catch {
        return 'refused';
    }
}"""


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/", {}),
        ("/", {"mode": "no-cors"}),
        (f"/api/reports/overview?site={SITE}", {}),
        ("/static/console.css", {"mode": "no-cors"}),
        ("/store/sessions", {"method": "POST", "mode": "no-cors"}),
        ("/", {"method": "POST", "mode": "no-cors"}),
    ],
)
def test_another_web_page_reads_nothing_of_the_console(
    served: Served,
    visitor: Callable[..., Any],
    site: Website,
    path: str,
    options: dict[str, str],
) -> None:
    person = visitor()
    person.goto(served.address("console"))
    owner = served.owner
    assert owner is not None
    # Another port of the same host: the browser sends the console's cookie along.
    site.add("/other", "text", tag="")
    person.goto(site.url("/other", "127.0.0.1"))
    assert person.evaluate(ASK, [owner.address, path, options]) == "refused"


def test_another_web_page_cannot_show_the_console(
    served: Served, visitor: Callable[..., Any], site: Website
) -> None:
    owner = served.owner
    assert owner is not None
    person = visitor()
    person.goto(served.address("console"))
    person.goto(site.add("/frame", f'<iframe src="{owner.address}/"></iframe>', tag=""))
    wait_until(lambda: len(person.frames) == 2)
    assert "analytics calls direct" not in person.frames[1].content()
