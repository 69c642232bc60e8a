"""The survey and the npm module in a real Chromium: what is asked, of whom, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from website import Website

pytestmark = pytest.mark.browser

DIST = Path(__file__).parents[2] / "js_snippet" / "dist"
SURVEY = (DIST / "survey.js").read_text("utf-8")
MODULE = (DIST / "ds.mjs").read_text("utf-8")
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'none'; require-trusted-types-for 'script'"
)
BOX = "darksocial-survey [role=dialog]"
BUTTONS = "darksocial-survey button"
BODY = """<h1>A page</h1><p><button id=before>Before</button></p>
<script src="/survey.js"></script><script src="/ask.js"></script>"""
ASK = "window.answers = []; window.ask = tag => darksocialSurvey(a => answers.push(a), tag);"
# What a screen reader gets: role and name, of shadow roots too.
TREE = """() => {
    const root = document.querySelector('darksocial-survey').shadowRoot;
    const box = root.querySelector('[role=dialog]');
    const label = root.getElementById(box.getAttribute('aria-labelledby'));
    const name = node => node.getAttribute('aria-label') || node.textContent;
    return {
        dialog: label.textContent,
        buttons: [...box.querySelectorAll('button')].map(name),
        status: root.querySelector('[role=status]').textContent,
        language: root.host.lang,
    };
}"""
FOCUSED = """() => {
    const node = document.querySelector('darksocial-survey').shadowRoot.activeElement;
    return node && (node.getAttribute('aria-label') || node.textContent);
}"""
STORED = """async () => [
    localStorage.length, sessionStorage.length, document.cookie,
    (await indexedDB.databases()).length, (await caches.keys()).length,
]"""


@pytest.fixture
def asking(page: Any, site: Website) -> Any:
    """Return a function that opens a page in a language and asks."""

    def serve(name: str, text: str) -> None:
        page.route(
            f"**/{name}",
            lambda route: route.fulfill(content_type="text/javascript", body=text),
        )

    def run(language: str = "en", tag: str | None = None, extra: str = "") -> Any:
        serve("survey.js", SURVEY)
        serve("ask.js", ASK)
        site.headers = {"Content-Security-Policy": STRICT}
        url = site.add("/deep/page", extra + BODY, tag="")
        site.pages["/deep/page"] = site.pages["/deep/page"].replace(
            "<html>", f'<html lang="{language}">'
        )
        page.goto(url)
        page.evaluate("tag => ask(tag ?? undefined)", tag)
        page.wait_for_selector(BOX)
        return page

    yield run
    page.unroute("**/survey.js")
    page.unroute("**/ask.js")


WORDS = [
    ("en", None, "en", "How did you get this link?", "Close without an answer"),
    ("de", None, "de", "Wie sind Sie zu diesem Link gekommen?", "Ohne Antwort schließen"),
    ("de-CH", None, "de", "Wie sind Sie zu diesem Link gekommen?", "Ohne Antwort schließen"),
    ("fr", None, "en", "How did you get this link?", "Close without an answer"),
    ("fr", "de", "de", "Wie sind Sie zu diesem Link gekommen?", "Ohne Antwort schließen"),
]


@pytest.mark.parametrize(("page_language", "tag", "language", "question", "close"), WORDS)
def test_the_question_has_a_name_in_the_page_s_language(
    asking: Any, page_language: str, tag: str | None, language: str, question: str, close: str
) -> None:
    tree = asking(page_language, tag).evaluate(TREE)
    assert (tree["dialog"], tree["language"], tree["status"]) == (question, language, "")
    assert len(tree["buttons"]) == 5
    assert all(tree["buttons"])
    assert tree["buttons"][-1] == close


@pytest.mark.parametrize(
    ("place", "answer"), list(enumerate(["shared", "typed", "bookmark", "other"]))
)
def test_an_answer_is_sent_once_and_thanked_for(asking: Any, place: int, answer: str) -> None:
    page = asking()
    page.locator(BUTTONS).nth(place).click()
    assert page.evaluate("answers") == [answer]
    tree = page.evaluate(TREE)
    assert (tree["buttons"], tree["status"]) == ([], "Thank you.")


def test_it_goes_away_after_an_answer(fresh: Any, site: Website) -> None:
    fresh.clock.install()
    fresh.goto(site.add("/deep", "<p>B", tag=""))
    fresh.evaluate(SURVEY)
    fresh.evaluate("darksocialSurvey(() => 0)")
    fresh.locator(BUTTONS).first.click()
    fresh.clock.run_for(3900)
    assert fresh.locator(BOX).count() == 1
    fresh.clock.run_for(200)
    assert fresh.locator(BOX).count() == 0


def test_the_keyboard_reaches_everything_in_order(asking: Any) -> None:
    page = asking()
    assert page.evaluate("document.activeElement === document.body"), "it takes no focus"
    page.focus("#before")
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate(FOCUSED))
    assert order == page.evaluate(TREE)["buttons"]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("answers") == ["other"]
    assert page.evaluate("document.activeElement.id") == "before", "the focus goes back"


@pytest.mark.parametrize("way", ["Escape", "button"])
def test_closing_sends_nothing_and_gives_the_focus_back(asking: Any, way: str) -> None:
    page = asking()
    page.evaluate("window.escaped = 0; addEventListener('keydown', () => escaped++)")
    page.focus("#before")
    page.keyboard.press("Tab")
    if way == "Escape":
        page.keyboard.press("Escape")
        # The page's own Escape, of a dialog below say, is not meant.
        assert page.evaluate("escaped") == 1
    else:
        page.locator(BUTTONS).last.focus()
        page.keyboard.press("Enter")
    page.wait_for_selector(BOX, state="detached")
    assert page.evaluate("answers") == []
    assert page.evaluate("document.activeElement.id") == "before"


def test_escape_elsewhere_is_the_page_s_own(asking: Any) -> None:
    page = asking()
    page.focus("#before")
    page.keyboard.press("Escape")
    assert page.locator(BOX).count() == 1


def test_it_asks_once(asking: Any) -> None:
    page = asking()
    page.evaluate("ask(); ask()")
    assert page.locator("darksocial-survey").count() == 1


def test_nothing_is_kept_on_the_device(asking: Any) -> None:
    page = asking()
    page.locator(BUTTONS).first.click()
    assert page.evaluate(STORED) == [0, 0, "", 0, 0]
    assert page.context.cookies() == []


SIZES = """() => [
    document.documentElement.scrollHeight, document.documentElement.scrollWidth,
    ...['a', 'b'].map(id => document.getElementById(id).getBoundingClientRect().toJSON()),
]"""
GRID = "<style>body{display:grid;gap:40px}body>*{position:relative;margin:50px;color:red}</style>"


@pytest.mark.parametrize("extra", ["", GRID], ids=["plain", "the page has rules for its children"])
def test_the_page_does_not_move(page: Any, site: Website, extra: str) -> None:
    page.goto(site.add("/deep", extra + "<h1 id=a>A</h1><p id=b>B</p>", tag=""))
    page.evaluate(SURVEY)
    before = page.evaluate(SIZES)
    page.evaluate("darksocialSurvey(() => 0)")
    assert page.evaluate(SIZES) == before
    box = page.locator(BOX).bounding_box()
    view = page.viewport_size
    assert box["x"] + box["width"] == pytest.approx(view["width"] - 16, abs=1)
    assert box["y"] + box["height"] == pytest.approx(view["height"] - 16, abs=1)


def test_it_fits_a_small_screen_at_large_letters(profiles: Any, site: Website) -> None:
    page = profiles.new(viewport={"width": 320, "height": 256}).new_page()
    page.goto(site.add("/deep", "<p>B", tag=""))
    page.evaluate(SURVEY)
    page.evaluate("darksocialSurvey(() => 0)")
    box = page.locator(BOX).bounding_box()
    assert box["x"] >= 0
    assert box["y"] >= 0
    last = page.locator(BUTTONS).nth(3)
    last.scroll_into_view_if_needed()
    last.click(timeout=2000)


LUMINANCE = """() => {
    const light = rgb => rgb.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
        .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
    const root = document.querySelector('darksocial-survey').shadowRoot;
    const box = getComputedStyle(root.querySelector('[role=dialog]'));
    const [a, b] = [light(box.color), light(box.backgroundColor)];
    const heights = [...root.querySelectorAll('button')].map(n => n.getBoundingClientRect().height);
    return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), Math.min(...heights)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_size_of_targets(asking: Any, scheme: str) -> None:
    page = asking()
    page.emulate_media(color_scheme=scheme)
    contrast, height = page.evaluate(LUMINANCE)
    page.emulate_media(color_scheme="light")
    assert contrast >= 7
    assert height >= 44


def test_it_is_not_printed(asking: Any) -> None:
    page = asking()
    page.emulate_media(media="print")
    shown = page.locator(BOX).is_visible()
    page.emulate_media(media="screen")
    assert not shown


class TestAskedByTheSnippet:
    """With `data-survey`, of visits that nothing explains."""

    @pytest.fixture
    def surveyed(self, site: Website) -> Website:
        tag = site.tag.replace("data-site", 'data-survey="100" data-site')
        site.add("/deep/page", "<p>A story</p>", tag)
        site.add("/", "<p>Home</p>", tag)
        site.add("/never", "<p>A story</p>", tag.replace("100", "0"))
        site.add("/from", f'<a href="{site.url("/deep/page")}">go</a>', tag="")
        return site

    def test_an_answer_becomes_an_event(self, page: Any, surveyed: Website) -> None:
        page.goto(surveyed.url("/deep/page"))
        page.evaluate("darksocial()")
        page.keyboard.press("Shift")
        page.locator(BUTTONS).first.click()
        (event,) = surveyed.wait("survey")
        assert (event["w"], event["u"]) == ("shared", surveyed.url("/deep/page"))

    @pytest.mark.parametrize("path", ["/", "/deep/page?ds=abc", "/deep/page#ds=abc", "/never"])
    def test_others_are_not_asked(self, page: Any, surveyed: Website, path: str) -> None:
        self.without_question(page, surveyed, lambda: page.goto(surveyed.url(path)))

    def test_whoever_comes_from_a_site_is_not_asked(self, page: Any, surveyed: Website) -> None:
        page.goto(surveyed.url("/from", "other.localhost"))
        self.without_question(page, surveyed, lambda: page.click("a"))

    def without_question(self, page: Any, site: Website, visit: Callable[[], object]) -> None:
        asked: list[str] = []

        def keep(request: Any) -> None:
            asked.append(request.url)

        page.on("request", keep)
        visit()
        site.wait("pageview")
        # A key pressed after the second script has come decides it.
        page.evaluate("darksocial()")
        page.keyboard.press("Shift")
        page.evaluate("darksocial('interaction', 'here')")
        site.wait("interaction")
        page.remove_listener("request", keep)
        assert any("more.js" in url for url in asked)
        assert not any("survey.js" in url for url in asked)


class TestTheModule:
    """The npm package's module, as a bundler would bring it in."""

    def test_it_adds_the_tag_once_and_keeps_what_is_said_before(
        self, page: Any, site: Website
    ) -> None:
        page.route(
            "**/ds.mjs",
            lambda route: route.fulfill(content_type="text/javascript", body=MODULE),
        )
        url = site.add(
            "/bundled",
            "<script type=module>import darksocial, { load } from '/ds.mjs';"
            "darksocial('conversion', 'order', { value: 5, currency: 'EUR' });"
            f"load({{ src: '{site.url('/ds.js')}', site: 'KEY', holdout: 0 }});"
            "load({ src: '/second.js', site: 'KEY' });</script>",
            tag="",
        )
        page.goto(url)
        site.wait("pageview")
        (event,) = site.wait("conversion")
        page.unroute("**/ds.mjs")
        assert (event["x"], event["v"], event["c"]) == ("order", 5, "EUR")
        assert site.batches[0]["k"] == "KEY"
        assert page.locator("script[data-site]").count() == 1
