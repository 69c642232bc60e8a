"""What the checks look at: the page, its tag and the script, fetched once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from darksocial.checking.fetch import Answer, Fetcher
from darksocial.checking.page import Page, Script, join


def second_name(name: str) -> str:
    """Return the file that a script of this name imports from beside itself: of its version."""
    return name.replace("ds.", "more.", 1)


@dataclass(frozen=True, slots=True)
class Known:
    """What the page should carry: a current script of this installation, and the site's key.

    `scripts` are its forms, with and without a version in the name, and what these load later;
    none are known where nothing is built. `key` is empty where the tracker shall say whether the
    key is one of its own.
    """

    version: str
    scripts: tuple[bytes, ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """A page with its tag, and how to ask further."""

    page: Page
    tag: Script
    fetcher: Fetcher
    known: Known

    @property
    def url(self) -> str:
        """The page's last address."""
        return self.page.answer.url

    @property
    def answer(self) -> Answer:
        return self.page.answer

    @property
    def second(self) -> str:
        """The address of the script that the tag's one imports from beside itself."""
        name = urlsplit(self.tag.source).path.rpartition("/")[2]
        return join(self.tag.source, second_name(name))

    @property
    def endpoint(self) -> str:
        """Where the snippet sends events: as the script itself works it out."""
        api = self.tag.get("data-api")
        return join(self.url, api) if api else join(self.tag.source, "/c")
