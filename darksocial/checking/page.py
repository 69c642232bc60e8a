"""Reads a page for what matters to the snippet: script tags, policies, consent managers."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from darksocial.checking.fetch import MAX_BYTES, Answer

PIECE = 64 * 1024
SECONDS = 5.0
MAX_SCRIPTS = 2000

_OURS = re.compile(r"(^|/)ds(\.[0-9]+\.[0-9]+\.[0-9]+)?\.m?js$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Script:
    """A script tag: its attributes (names in lower case) and where it stands."""

    attributes: dict[str, str]
    source: str = ""
    place: str = ""

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def is_ours(self) -> bool:
        """Whether this is the snippet's tag, as it is or held back by a consent manager."""
        path = self.source.partition("?")[0].partition("#")[0]
        return bool("data-site" in self.attributes and (self.source == "" or _OURS.search(path)))


@dataclass(slots=True)
class Page:
    """What was read; `whole` is false where the page was too large or too odd to read."""

    answer: Answer
    scripts: list[Script] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    referrer_policies: list[str] = field(default_factory=list)
    commented: bool = False
    whole: bool = True

    @property
    def tags(self) -> list[Script]:
        return [script for script in self.scripts if script.is_ours]


def read(answer: Answer, seconds: float = SECONDS) -> Page:
    """Return what the page of an answer says."""
    page = Page(answer, whole=len(answer.body) < MAX_BYTES)
    reader = _Reader(page)
    deadline = time.monotonic() + seconds
    text = answer.text
    for start in range(0, len(text), PIECE):
        if time.monotonic() > deadline or len(page.scripts) >= MAX_SCRIPTS:
            page.whole = False
            break
        # What stays open at the end is left alone: closing it can take quadratic time.
        try:
            reader.feed(text[start : start + PIECE])
        except AssertionError:  # what the parser says to a broken declaration
            page.whole = False
            break
    return page


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._base = page.answer.url
        self._inside: list[str] = []
        self._readers = {"script": self._script, "meta": self._meta, "base": self._rebase}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("noscript", "template"):
            self._inside.append(tag)
        elif tag in self._readers:
            # The first of two attributes of one name counts, as in browsers.
            self._readers[tag]({name: value or "" for name, value in reversed(attrs)})

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_comment(self, data: str) -> None:
        if "data-site" in data and "<script" in data:
            self._page.commented = True

    def _script(self, attributes: dict[str, str]) -> None:
        # Consent managers keep the address aside under a name of their own.
        sources = (attributes.get(name, "") for name in _SOURCES)
        source = next((value.strip() for value in sources if value.strip()), "")
        place = self._inside[-1] if self._inside else ""
        self._page.scripts.append(Script(attributes, join(self._base, source), place))

    def _meta(self, attributes: dict[str, str]) -> None:
        content = attributes.get("content", "")
        if attributes.get("http-equiv", "").lower() == "content-security-policy":
            self._page.policies.append(content)
        elif attributes.get("name", "").lower() == "referrer":
            self._page.referrer_policies.append(content)

    def _rebase(self, attributes: dict[str, str]) -> None:
        self._base = join(self._base, attributes.get("href", "")) or self._base


_SOURCES = ("src", "data-src", "data-cookieblock-src", "data-cmp-src", "suppressedsrc")


def join(base: str, url: str) -> str:
    """Return the absolute address, empty where that is none."""
    try:
        joined = urljoin(base, url) if url else ""
        urlsplit(joined)
    except ValueError:
        return ""
    return joined
