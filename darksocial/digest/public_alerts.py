"""Unusual figures of social networks, good or bad, beside what was dark on the same page that day.

Figures come days later and are corrected, so what was entered of late is looked at, whatever day
it is of, up to four weeks back. A page's figure of a day is unusual where the four weeks before
make it less likely than one in a hundred thousand, where it is at least `LEAST` and twice what is
usual, and where nine in ten pages never had as much there on a day. A drop is told of pages alone
that got much all the time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import pyarrow as pa

from darksocial import daily
from darksocial.days import FIRST_TIME, day_of, span_of
from darksocial.digest.public_history import FIGURES, PAST, Got, Past, Place, history
from darksocial.digest.unlikely import Usual, times_apart
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import Words
from darksocial.texts.language import mark as _

LEAST = 20
TIMES = 2
ENTERED_WITHIN = timedelta(hours=48)
OLDEST = timedelta(days=28)
QUIET_DAYS = 3  # before and after an alert in which the same page raises no other of its kind
SETTLED = ("likes", "shares")  # fewer comments mean nothing

# The figures that an alert of each kind may be about: of "good" it is never the comments.
SPOKEN_OF = {"good": SETTLED, "drop": SETTLED, "talk": ("comments",), "bad": ("comments",)}

KINDS = {"likes": _("Likes"), "comments": _("Comments"), "shares": _("Public shares")}
MEANINGS = {
    "good": _("Good: it is liked or passed on in public."),
    "talk": _("It is talked about: read the comments."),
    "bad": _("Perhaps bad: more comments than likes, so read what they say."),
    "drop": _("Far fewer than usual: see whether the posts are still there and shown."),
}


@dataclass(frozen=True, slots=True)
class PublicAlert:
    """What was unusual on a page, in a network, from `begins` to `day`.

    `mood` is one of `MEANINGS`, `figure` one of likes, comments and shares: the most unusual.
    """

    site: str
    page: str
    network: str
    begins: date
    day: date
    mood: str
    figure: str
    found: int
    expected: float
    likes: int
    comments: int
    shares: int

    @property
    def key(self) -> str:
        """Names the alert among all."""
        return "\n".join((self.site, self.page, self.network, self.day.isoformat(), self.mood))


@dataclass(frozen=True, slots=True)
class Beside:
    """Visits to the page on the days of an alert: by dark social and from networks.

    `before` is how many came by dark social in the weeks before, `usual` the mean of as many days
    as the alert has; `None` where nothing was measured.
    """

    dark: int
    public: int
    before: int
    usual: float | None


def unusual(session: Session, site: Site, now: datetime) -> list[PublicAlert]:
    """Return what is unusual in the figures that were entered of late and was not told yet."""
    today = day_of(now.timestamp(), site.timezone)
    since = int((now - ENTERED_WITHIN).timestamp()) * 10**9
    found = session.query(
        statement("digest/public_entered"),
        site=site.name,
        since=since,
        first=today - OLDEST,
        last=today,
    ).to_pylist()
    if not found:
        return []
    first = found[0]["day"]
    told = kept(session, site, first - PAST - PAST)
    every = history(session, site, first - PAST, today)
    fresh = (got for got in every if got.day >= first and got.entered >= since)
    return list(_noticed(site, every, fresh, _Told(told)))


class _Told:
    """The alerts that there are: none is told twice, and what is usual does not count them."""

    def __init__(self, alerts: Sequence[PublicAlert]) -> None:
        self._days: dict[tuple[Place, str], list[date]] = {}
        self._bursts: dict[Place, list[date]] = {}
        for alert in alerts:
            self.add(alert)

    def add(self, alert: PublicAlert) -> None:
        place = (alert.network, alert.page)
        self._days.setdefault((place, alert.mood), []).append(alert.day)
        if alert.mood != "drop":
            self._bursts.setdefault(place, []).append(alert.day)

    def known(self, got: Got, mood: str) -> bool:
        days = self._days.get((got.place, mood), ())
        return any(abs((got.day - day).days) <= QUIET_DAYS for day in days)

    def odd(self, got: Got) -> bool:
        days = self._bursts.get(got.place, ())
        return any(0 <= (got.day - day).days <= QUIET_DAYS for day in days)


def _noticed(
    site: Site, every: Sequence[Got], fresh: Iterator[Got], told: _Told
) -> Iterator[PublicAlert]:
    past = Past(every, told.odd)
    for got in fresh:  # day by day: a file of weeks tells what its days would have told singly
        high = _high(got, past)
        mood = _mood(got, past, high)
        if not high and (fallen := _fallen(site, got, past)):
            mood, high = "drop", fallen
        if mood and not told.known(got, mood):
            named = {figure: usual for figure, usual in high.items() if figure in SPOKEN_OF[mood]}
            alert = _alert(site, got, mood, named)
            told.add(alert)
            yield alert


def _high(got: Got, past: Past) -> dict[str, Usual]:
    """Return the figures that are unusually high, with what is usual."""
    high = {}
    for figure in FIGURES:
        count = got.count(figure)
        if count.n < LEAST or count.n <= past.top(got, figure):
            continue
        usual = past.usual(got, figure)
        if usual and count.n >= TIMES * usual.rate * count.days and usual.burst(count):
            high[figure] = usual
    return high


def _mood(got: Got, past: Past, high: dict[str, Usual]) -> str:
    """Return what a burst means, "" for none.

    More comments than likes are bad where it is the other way round on other days; where likes are
    not brought in at all, nothing follows.
    """
    if "comments" in high and got.comments > got.likes:
        before = past.of_page(got) or past.of_network(got)
        if sum(one.likes for one in before) > sum(one.comments for one in before):
            return "bad"
    if "likes" in high or "shares" in high:
        return "good"
    return "talk" if high else ""


def _fallen(site: Site, got: Got, past: Past) -> dict[str, Usual]:
    """Return figures that are unusually low, of a page that has had much for weeks.

    It is less than half of any day in the weeks before. What was entered before its day was over
    may be half of it anyway.
    """
    end = span_of(got.day, got.day, site.timezone).end.timestamp()
    before = past.of_page(got)
    if not before or not (got.whole or got.entered >= end * 1e9):
        return {}
    fallen = {}
    for name in SETTLED:
        count = got.count(name)
        if TIMES * count.n / count.days < _least(before, name):
            usual = past.usual(got, name)
            if usual and usual.drop(count):
                fallen[name] = usual
    return fallen


def _least(before: Sequence[Got], figure: str) -> float:
    """Return the least that was counted, for one day."""
    counts = (one.count(figure) for one in before)
    return min(one.n / one.days for one in counts)


def _alert(site: Site, got: Got, mood: str, odd: dict[str, Usual]) -> PublicAlert:
    def distance(figure: str) -> float:
        return times_apart(got.count(figure).n + 1, odd[figure].rate * got.count(figure).days)

    figure = max(sorted(odd), key=distance)
    count = got.count(figure)
    return PublicAlert(
        site=site.name,
        page=got.page,
        network=got.network,
        begins=got.first(figure),
        day=got.day,
        mood=mood,
        figure=figure,
        found=count.n,
        expected=odd[figure].rate * count.days,
        likes=got.likes,
        comments=got.comments,
        shares=got.shares,
    )


_TYPES = pa.schema(
    {
        **dict.fromkeys(("site", "page", "network", "mood", "figure"), pa.string()),
        **dict.fromkeys(("begins", "day"), pa.date32()),
        **dict.fromkeys(("found", *FIGURES), pa.uint64()),
        "expected": pa.float64(),
        "noticed": pa.timestamp("s", "UTC"),
    }
)


def keep(session: Session, alerts: Sequence[PublicAlert], noticed: datetime) -> None:
    if alerts:
        rows = [{**asdict(one), "noticed": noticed} for one in alerts]
        session.insert("public_alerts", pa.Table.from_pylist(rows, _TYPES))


def kept(
    session: Session, site: Site, since: date, noticed: datetime = FIRST_TIME
) -> list[PublicAlert]:
    """Return the alerts on days since one, noticed at a time or later, the newest first."""
    rows = session.query(
        statement("digest/public_alerts"), site=site.name, since=since, noticed=noticed
    ).to_pylist()
    return [PublicAlert(site=site.name, **row) for row in rows]


def beside(session: Session, site: Site, alerts: Sequence[PublicAlert]) -> list[Beside]:
    """Return what visits say of the page and the days of each alert."""
    if not alerts:
        return []
    first = min(one.begins for one in alerts) - PAST
    last = max(one.day for one in alerts)
    range_ = {"site": site.name, "timezone": site.timezone, "first": first, "last": last}
    rows = session.query(
        statement("digest/beside_public"),
        pages=daily.sums(session, "pages", range_),
        wanted=sorted({one.page for one in alerts}),
    ).to_pylist()
    days = {(row["page"], row["day"]): (row["dark"], row["public"]) for row in rows}
    measured = session.query(
        statement("digest/measured"), site=site.name, first=first, last=last
    ).to_pylist()
    known = [row["day"] for row in measured]
    return [_beside(alert, days, known) for alert in alerts]


def _beside(
    alert: PublicAlert,
    days: Mapping[tuple[str, date], tuple[int, int]],
    known: Sequence[date],
) -> Beside:
    """Return what visits say of an alert; `known` are the days that have visits, in order."""
    first, last = alert.begins - PAST, alert.begins - timedelta(days=1)
    length = (alert.day - alert.begins).days + 1
    then = [days.get((alert.page, alert.begins + timedelta(days=n)), (0, 0)) for n in range(length)]
    came = (days.get((alert.page, first + timedelta(days=n)), (0, 0))[0] for n in range(PAST.days))
    before = sum(came)
    measured = bisect_right(known, last) - bisect_left(known, first)
    usual = before / measured * length if measured else None
    return Beside(sum(day[0] for day in then), sum(day[1] for day in then), before, usual)


def sentence(alert: PublicAlert, beside: Beside, words: Words, minimum: int) -> str:
    """Return an alert in words; visits of fewer than `minimum` are not told."""
    return " ".join(
        (_what(alert, words), words.say(MEANINGS[alert.mood]), _whole(alert, words),
         _reach(beside, words, minimum))
    )  # fmt: skip


def _what(alert: PublicAlert, words: Words) -> str:
    values = {
        "kind": words.say(KINDS[alert.figure]),
        "page": alert.page,
        "network": alert.network,
        "found": words.number(alert.found),
        "expected": words.number(round(alert.expected, 1)),
        "day": words.day(alert.day),
    }
    if alert.begins == alert.day:
        return words.say(
            "%(kind)s of %(page)s on %(network)s: %(found)s on %(day)s, usually %(expected)s.",
            **values,
        )
    return words.say(
        "%(kind)s of %(page)s on %(network)s: %(found)s from %(first)s to %(day)s, usually "
        "%(expected)s.",
        first=words.short_day(alert.begins),
        **values,
    )


def _whole(alert: PublicAlert, words: Words) -> str:
    return words.say(
        "Likes: %(likes)s, comments: %(comments)s, shares: %(shares)s.",
        **{name: words.number(getattr(alert, name)) for name in FIGURES},
    )


def _reach(beside: Beside, words: Words, minimum: int) -> str:
    def said(visits: int) -> str:
        small = 0 < visits < minimum
        return words.say("too few to say") if small else words.number(visits)

    dark, public = said(beside.dark), said(beside.public)
    if beside.usual is None or any(0 < n < minimum for n in (beside.dark, beside.before)):
        return words.say(
            "Visits to the same page: by dark social %(dark)s, from social networks %(public)s.",
            dark=dark,
            public=public,
        )
    return words.say(
        "Visits to the same page: by dark social %(dark)s (usually %(usual)s), from social "
        "networks %(public)s.",
        dark=dark,
        usual=words.number(round(beside.usual, 1)),
        public=public,
    )
