"""Public figures of social networks: likes, comments and shares of posts, from a CSV."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

import pyarrow as pa

from darksocial import lists
from darksocial.days import tomorrow
from darksocial.errors import InputError, Said
from darksocial.model import Site
from darksocial.reports.public import network_name
from darksocial.rules import urls
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

FIGURES = ("likes", "comments", "shares")
NEEDED = ("network", "day", "page", "post")
COLUMNS = ("network", "day", "page", *FIGURES, "post")
LONGEST_LIST = 200_000
LONGEST_NETWORK = 100
LONGEST_POST = 500
LARGEST = 10**12

Key = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a network says of a post on a day; `page` is host and path, as visits have it.

    `running` says that the figures are totals of the post so far, not those of the day.
    """

    network: str
    post: str
    day: date
    page: str
    utm_campaign: str
    likes: int
    comments: int
    shares: int
    running: bool = False

    @property
    def key(self) -> Key:
        return (self.network, self.post, self.day)


def from_csv(session: Session, text: str, site: Site, running: bool = False) -> lists.Entered:
    """Enter the figures of a CSV with the columns of `COLUMNS`; empty figures are 0.

    Lines that cannot be used are refused one by one. Of lines with the same network, post and day
    the last counts, here and in the store, so a file may be read again and corrected.
    """
    refused: list[lists.Refused] = []
    rows = lists.rows(text, COLUMNS, NEEDED, LONGEST_LIST, refused)
    latest = tomorrow(site.timezone)  # where the network is, the day may have begun
    read = lists.read(rows, lambda row: _figures(row, site, running, latest), refused)
    known = _known(session, site, [one.day for one in read])
    fresh, entered = lists.news(read, known, lambda one: one.key, refused)
    _write(session, site, fresh)
    return entered


def _known(session: Session, site: Site, days: list[date]) -> list[Figures]:
    if not days:
        return []
    rows = session.query(
        statement("public/known"), site=site.name, first=min(days), last=max(days)
    ).to_pylist()
    return [Figures(**{**row, "running": bool(row["running"])}) for row in rows]


_TYPES = pa.schema(
    {
        **dict.fromkeys(("site", "network", "post", "page", "utm_campaign"), pa.string()),
        "day": pa.date32(),
        **dict.fromkeys(FIGURES, pa.uint64()),
        "running": pa.bool_(),
        "version": pa.uint64(),
    }
)


def _write(session: Session, site: Site, fresh: Sequence[Figures]) -> None:
    if fresh:
        stamp = {"site": site.name, "version": time.time_ns()}
        rows = [{**asdict(one), **stamp} for one in fresh]
        session.insert("public_figures", pa.Table.from_pylist(rows, _TYPES))


def _figures(row: Mapping[str, str], site: Site, running: bool, latest: date) -> Figures:
    network, post = network_name(row["network"]), row["post"]
    if not network:
        raise InputError(Said("The column network is empty: name the network of the post."))
    if len(network) > LONGEST_NETWORK:
        raise InputError(
            Said(
                "The column network has %(found)s letters: name the network of the post in at "
                "most %(most)s.",
                found=len(network),
                most=LONGEST_NETWORK,
            )
        )
    if not 0 < len(post) <= LONGEST_POST:
        raise InputError(
            Said(
                "The column post has %(found)s letters: give the id or address of the "
                "post, in at most %(longest_post)s.",
                found=len(post),
                longest_post=LONGEST_POST,
            )
        )
    page = urls.clean_url(row["page"])
    likes, comments, shares = (lists.whole(name, row.get(name) or "0", LARGEST) for name in FIGURES)
    tag = urls.campaign(page).campaign
    day, place = lists.day("day", row["day"], latest), _page(page, site)
    return Figures(network, post, day, place, tag, likes, comments, shares, running)


def _page(address: str, site: Site) -> str:
    """Return host and path of a page of the site."""
    host = urls.host_of(address)
    if not host or not urls.own_host(host, site.hosts):
        raise InputError(
            Said(
                "The column page has %(address)r, which is no address on %(name)s: "
                "give the address that was posted, like https://%(found)s/page.",
                address=address,
                name=site.name,
                found=site.hosts[0],
            )
        )
    path = address.partition("//")[2].partition("?")[0].partition("/")[2]
    return f"{host}/{path}"
