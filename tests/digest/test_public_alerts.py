"""Unusual figures of social networks: what is told, with what beside it, and that it is once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from literal import drain, hit, new_site, token
from receiver import Receiver

from darksocial import public_figures, reclassification
from darksocial.digest import public_alerts, telling
from darksocial.digest.public_alerts import Beside, PublicAlert
from darksocial.digest.public_history import history
from darksocial.digest.recipients import add
from darksocial.digest.unlikely import Count
from darksocial.model import Site
from darksocial.settings import Settings, load
from darksocial.store import Store
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import words_for

pytestmark = pytest.mark.engines

HEAD = "network,day,page,likes,comments,shares,post"
NOW = datetime.now(timezone.utc)
TODAY = NOW.date()
USUAL = (9, 12, 10, 8, 11, 10, 13)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def line(days_ago: int, likes: int, comments: int = 0, shares: int = 0, page: str = "/a") -> str:
    figures = f"{likes},{comments},{shares}"
    return f"Facebook,{ago(days_ago)},SITE{page},{figures},post of {page}"


def usual(*figures: int, page: str = "/a", since: int = 30, until: int = 2) -> list[str]:
    """Return lines of a page that gets much the same each day: likes, comments, shares."""
    likes, comments, shares = figures
    return [
        line(day, likes * USUAL[day % 7] // 10, comments, shares, page)
        for day in range(until, since)
    ]


def enter(session: Session, site: Site, lines: list[str], running: bool = False) -> None:
    text = "\n".join([HEAD, *lines]).replace("SITE", f"https://{site.name}")
    entered = public_figures.from_csv(session, text, site, running)
    assert entered.refused == ()


def told(session: Session, site: Site, now: datetime = NOW) -> list[tuple[Any, ...]]:
    found = public_alerts.unusual(session, site, now)
    return [(one.mood, one.figure, one.found, (TODAY - one.day).days) for one in found]


@pytest.mark.parametrize(
    ("before", "day", "wanted"),
    [
        # A jump in likes or in shares is good.
        (usual(10, 2, 1), line(1, 200, 5, 3), [("good", "likes", 200, 1)]),
        (usual(10, 2, 1), line(1, 12, 2, 60), [("good", "shares", 60, 1)]),
        # Many comments: bad where there are few likes for once, else talk, else good.
        (usual(10, 2, 1), line(1, 12, 90, 2), [("bad", "comments", 90, 1)]),
        (usual(10, 2, 1), line(1, 90, 200, 2), [("bad", "comments", 200, 1)]),
        (usual(40, 2, 1), line(1, 70, 60, 1), [("talk", "comments", 60, 1)]),
        (usual(10, 2, 1), line(1, 200, 90, 2), [("good", "likes", 200, 1)]),
        # Who brings in no likes, or always has more comments, is not told of few likes.
        (usual(0, 4, 1), line(1, 0, 90, 2), [("talk", "comments", 90, 1)]),
        # What is there every day is usual, also where it varies; little is noise.
        (usual(10, 2, 1), line(1, 19, 4, 4), []),
        (usual(1, 0, 0), line(1, 19, 19, 19), []),
        ([line(day, 80 if day % 5 else 700) for day in range(2, 30)], line(1, 900), []),
        # Nobody knows what is usual after less than fourteen days.
        (usual(10, 2, 1, since=15), line(1, 200), []),
        (usual(10, 2, 1, since=16), line(1, 200), [("good", "likes", 200, 1)]),
        # A drop, on a page that had much all the time; not of comments, nor of an old post.
        (usual(100, 40, 1), line(1, 12, 40, 1), [("drop", "likes", 12, 1)]),
        (usual(100, 40, 1), line(1, 95, 0, 1), []),
        (usual(100, 40, 1), line(1, 70, 40, 1), []),
        (usual(8, 2, 1), line(1, 0, 0, 0), []),
        ([line(day, 2 ** min(12, day // 2)) for day in range(2, 30)], line(1, 0), []),
    ],
)  # fmt: skip
def test_what_is_unusual_and_what_it_means(
    session: Session, site: Site, before: list[str], day: str, wanted: list[tuple[Any, ...]]
) -> None:
    enter(session, site, [*before, day])
    assert told(session, site) == wanted


def test_a_new_page_is_measured_by_what_others_got(session: Session, site: Site) -> None:
    others = [
        line(day + 1 - age, likes, page=f"/{day}")
        for day in range(2, 27, 3)
        for age, likes in enumerate((50 + day, 14, 4))
        if day + 1 - age > 1
    ]
    enter(session, site, [*others, line(1, 75, page="/like-others"), line(1, 600, page="/new")])
    (alert,) = public_alerts.unusual(session, site, NOW)
    assert (alert.page, alert.mood, alert.found) == (f"{site.name}/new", "good", 600)


def test_noise_raises_next_to_nothing(session: Session, site: Site) -> None:
    """Forty pages, eight weeks; days differ three times as much as by chance (gamma-Poisson)."""
    chance = random.Random(7)

    def noisy(mean: float) -> int:
        return round(chance.gammavariate(mean / 2, 2) + chance.gauss(0, mean**0.5))

    lines = [
        line(day, *(max(0, noisy(mean * part)) for part in (1, 0.2, 0.1)), page=f"/{page}")
        for page in range(40)
        for mean in (4 + 3 * page,)
        for day in range(57)
    ]
    enter(session, site, lines)
    assert len(told(session, site)) <= 1  # of 3,360 figures that are looked at


def test_networks_are_apart(session: Session, site: Site) -> None:
    steady = [one.replace("Facebook", "X") for one in usual(200, 2, 1)]
    many = line(1, 210)
    enter(session, site, [*usual(10, 2, 1), *steady, many, many.replace("Facebook", "X")])
    (alert,) = public_alerts.unusual(session, site, NOW)
    assert (alert.network, alert.page, alert.day) == ("Facebook", f"{site.name}/a", ago(1))


def test_totals_so_far_are_compared_with_the_day_before(session: Session, site: Site) -> None:
    totals = [line(day, 5000 + 10 * (30 - day), 100, 3) for day in range(1, 30)]
    enter(session, site, totals, running=True)
    assert told(session, site) == []
    enter(session, site, [line(0, 5700, 100, 3)], running=True)
    (alert,) = public_alerts.unusual(session, site, NOW)
    assert (alert.found, alert.begins, alert.day) == (410, TODAY, TODAY)


@pytest.mark.parametrize(
    "totals",
    [
        (5000, 5010, 5020),  # the first total of a post may have come in years
        (5000, 100, 5020),  # one that was too low by mistake, or likes given again
    ],
)
def test_a_total_alone_is_no_burst(session: Session, site: Site, totals: tuple[int, ...]) -> None:
    enter(session, site, usual(10, 2, 1, page="/other"))
    lines = [line(2 - place, total, page="/b") for place, total in enumerate(totals)]
    enter(session, site, lines, running=True)
    assert told(session, site) == []


@pytest.mark.parametrize(
    ("last", "wanted"),
    [
        # Ten a day, and the total of two days ago was too low: what came since counts for two days.
        (((970, 100), (980, 100), (500, 100), (1000, 100)), ("likes", 20, 2)),
        # For three days, where two of them were too low.
        (((970, 100), (500, 100), (490, 100), (1000, 100)), ("likes", 30, 3)),
        # What is the same as the highest before is not too low.
        (((980, 100), (980, 100), (980, 100), (1000, 100)), ("likes", 20, 1)),
        # Each figure for itself: the likes of that day were right.
        (((970, 100), (980, 100), (990, 20), (1000, 130)), ("likes", 10, 1)),
        (((970, 100), (980, 100), (990, 20), (1000, 130)), ("comments", 30, 2)),
        # What is still too low has had nothing of late.
        (((970, 100), (980, 100), (500, 100), (600, 100)), ("likes", 0, 1)),
    ],
)
def test_growth_after_a_total_that_was_too_low_is_of_all_days_since(
    session: Session, site: Site,
    last: tuple[tuple[int, int], ...], wanted: tuple[str, int, int],
) -> None:  # fmt: skip
    lines = [line(4 - place, *totals) for place, totals in enumerate(last)]
    enter(session, site, lines, running=True)
    figure, n, days = wanted
    *_, got = history(session, site, ago(10), TODAY)
    assert got.count(figure) == Count(n, days)


def test_a_total_that_was_too_low_makes_no_burst_of_what_came_since(
    session: Session, site: Site
) -> None:
    def entered(page: str, last: tuple[int, ...]) -> list[str]:
        steady = [line(day, 5000 - 20 * day, page=page) for day in range(8, 36)]
        return [*steady, *(line(7 - n, total, page=page) for n, total in enumerate(last))]

    enter(session, site, entered("/a", (480, 490, 500, 4920, 4940)), running=True)
    assert [one for one in told(session, site) if one[0] != "drop"] == []
    enter(session, site, entered("/b", (480, 490, 500, 4920, 5300)), running=True)
    (burst,) = (one for one in public_alerts.unusual(session, site, NOW) if one.mood != "drop")
    assert (burst.page, burst.found, burst.begins) == (f"{site.name}/b", 380, ago(3))


def test_totals_that_are_days_apart_are_told_with_the_days(session: Session, site: Site) -> None:
    pages = ("/a", "/b", "/c", "/d", "/e")
    totals = [line(day, 20 * (40 - day), page=page) for page in pages for day in range(8, 37, 7)]
    enter(session, site, [*totals, line(1, 1500, page="/a")], running=True)
    (alert,) = public_alerts.unusual(session, site, NOW)
    assert (alert.found, alert.begins, alert.day) == (860, ago(7), ago(1))
    assert alert.expected == pytest.approx(140, abs=2)


def test_a_file_of_weeks_tells_of_a_burst_once(session: Session, site: Site) -> None:
    days = {10: 300, 9: 500, 8: 250, 3: 320}
    lines = [*usual(10, 2, 1, until=1)]
    lines += [line(day, likes) for day, likes in days.items()]
    enter(session, site, lines)
    # The days of a burst raise one alert, a later burst another.
    assert told(session, site) == [("good", "likes", 300, 10), ("good", "likes", 320, 3)]


def test_a_day_of_weeks_ago_is_told_and_an_older_one_is_not(session: Session, site: Site) -> None:
    enter(session, site, [*usual(10, 2, 1, since=60, until=29), line(28, 300), line(58, 300)])
    assert told(session, site) == [("good", "likes", 300, 28)]
    assert told(session, site, NOW + timedelta(days=1)) == []  # the day is too old by then


def test_it_is_due_when_it_was_entered(session: Session, site: Site) -> None:
    enter(session, site, [*usual(10, 2, 1), line(1, 300)])
    assert told(session, site, NOW + timedelta(hours=47)) == [("good", "likes", 300, 1)]
    assert told(session, site, NOW + timedelta(hours=49)) == []  # nothing was entered of late


def test_a_correction_is_looked_at_and_told_once(session: Session, site: Site) -> None:
    enter(session, site, [*usual(10, 2, 1), line(5, 14)])

    def noticed() -> list[tuple[str, int]]:
        every = telling.look(session, site, NOW)
        return [(one.mood, one.found) for one in every if isinstance(one, PublicAlert)]

    assert noticed() == []
    enter(session, site, [line(5, 300)])
    assert noticed() == [("good", 300)]
    assert noticed() == []
    enter(session, site, [line(5, 400)])  # corrected again: the same burst
    assert noticed() == []
    enter(session, site, [line(5, 12, 200)])  # it has turned
    assert noticed() == [("bad", 200)]
    assert [one.mood for one in public_alerts.kept(session, site, ago(9))] == ["good", "bad"]


def test_a_day_that_is_not_over_has_no_drop(
    session: Session, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(time_ns=lambda: int(NOW.timestamp()) * 10**9)
    monkeypatch.setattr(public_figures, "time", clock)  # today stays today over midnight
    enter(session, site, [*usual(100, 2, 1, until=1), line(0, 3)])
    assert told(session, site) == []


def settings(port: int, **more: Any) -> Settings:
    flags = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "mail_from": "figures@example.com",
        "console_url": "https://console.example.com/",
        **more,
    }
    return load(flags, {})


@pytest.fixture
def burst(store: Store, session: Session, tmp_path: Path) -> Site:
    """A page with many likes yesterday, and with visits by a shared link and from the network."""
    site = new_site(store)
    name = token(site, 1)
    day = f"{ago(1)}T"
    rows = [hit(f"{day}07:00", "fay", "/a", kind="share", token=name, method="copy")]
    rows += [hit(f"{day}08:{n:02}", f"bob {n}", f"/a?ds={name}") for n in range(6)]
    facebook = "https://www.facebook.com/"
    rows += [hit(f"{day}09:{n:02}", f"eve {n}", "/a", referrer=facebook) for n in range(3)]
    rows += [hit(f"{ago(8)}T08:00", "dan", "/a")]
    drain(store, tmp_path, site, rows)
    reclassification.publish_dirty(store, site.name)
    enter(session, site, [*usual(10, 2, 1), line(1, 200, 5, 3)])
    return site


def letters(receiver: Receiver, site: Site) -> list[tuple[str, str]]:
    return [
        (str(letter["To"]), " ".join(str(letter.get_content()).split()))
        for letter in receiver.letters
        if site.name in letter["Subject"]
    ]


def test_it_is_sent_once_in_the_readers_language_with_what_was_dark(
    session: Session, burst: Site, receiver: Receiver
) -> None:
    add(session, burst.name, "ann@example.com", language="de", alerts=True)
    add(session, burst.name, "ann@example.com", "monthly", "de", alerts=True)
    add(session, burst.name, "bob@example.com", alerts=True)
    add(session, burst.name, "eve@example.com")
    for _ in range(2):
        telling.look(session, burst, NOW)
        telling.send(session, settings(receiver.port), [burst])
    sent = dict(letters(receiver, burst))
    assert len(letters(receiver, burst)) == 2
    day, tag = words_for("en").day(ago(1)), words_for("de").day(ago(1))
    assert sent["bob@example.com"].startswith(
        f"Likes of {burst.name}/a on Facebook: 200 on {day}, usually 10.5. "
        "Good: it is liked or passed on in public. Likes: 200, comments: 5, shares: 3. "
        "Visits to the same page: by dark social 6 (usually 0), from social networks too few "
        "to say."
    )
    assert sent["ann@example.com"].startswith(
        f"Gefällt-mir-Angaben zu {burst.name}/a auf Facebook: 200 am {tag}, üblich sind 10,5. "
    )
    assert (
        "über Dark Social 6 (üblich: 0), aus sozialen Netzwerken zu wenig"
        in (sent["ann@example.com"])
    )
    (letter,) = (one for one in receiver.letters if one["To"] == "ann@example.com")
    assert letter["List-Unsubscribe"].strip().startswith("<https://console.example.com/unsub")
    assert letter["Date"]
    report = f"/reports/public?site={burst.name}&from={ago(1)}&to={ago(1)}"
    assert f"Der ganze Bericht: https://console.example.com{report}" in sent["ann@example.com"]


def test_what_could_not_be_sent_is_sent_later_and_nothing_twice(
    session: Session, burst: Site, receiver: Receiver
) -> None:
    for name in ("ann", "nobody", "zoe"):
        add(session, burst.name, f"{name}@example.com", alerts=True)
    receiver.refused.add("nobody@example.com")
    telling.look(session, burst, NOW)
    telling.send(session, settings(receiver.port), [burst])
    assert sorted(to for to, _ in letters(receiver, burst)) == [
        "ann@example.com",
        "zoe@example.com",
    ]
    receiver.refused.clear()
    telling.send(session, settings(receiver.port), [burst])
    assert [to for to, _ in letters(receiver, burst)][2:] == ["nobody@example.com"]


def test_who_orders_later_is_not_told_what_was(
    session: Session, burst: Site, receiver: Receiver
) -> None:
    (alert,) = public_alerts.unusual(session, burst, NOW)
    public_alerts.keep(session, [alert], datetime.now(timezone.utc) - timedelta(hours=1))
    add(session, burst.name, "ann@example.com", alerts=True)
    telling.send(session, settings(receiver.port), [burst])
    assert letters(receiver, burst) == []


def many(site: Site, pages: int) -> list[PublicAlert]:
    """Return alerts of as many pages, the likes of each 50 above the one before."""
    return [
        PublicAlert(site.name, f"{site.name}/{n}", "X", ago(1), ago(1), "good", "likes",
                    100 + 50 * n, 10.0, 100 + 50 * n, 0, 0)
        for n in range(pages)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pages", "named", "more"),
    [
        (20, range(20), None),
        (21, range(1, 21), "1 more alert stands in the console:"),
        (1025, range(1005, 1025), "1,005 more alerts stand in the console:"),
    ],
)
def test_a_letter_names_the_most_unusual_and_how_many_more_there_are(
    session: Session, site: Site, receiver: Receiver, monkeypatch: pytest.MonkeyPatch,
    pages: int, named: range, more: str | None,
) -> None:  # fmt: skip
    add(session, site.name, "ann@example.com", alerts=True)
    waiting = many(site, pages)
    monkeypatch.setattr(telling, "recent", lambda *_: waiting)
    written = list[str]()
    monkeypatch.setattr(telling, "_record", lambda _, __, told: written.extend(told))
    telling.send(session, settings(receiver.port), [site])
    ((_, text),) = letters(receiver, site)
    found = [n for n in range(pages) if f"Likes of {site.name}/{n} on X" in text]
    assert found == list(named)
    said = f"{more} https://console.example.com/letters?site={site.name} The whole report:"
    assert (said in text) is bool(more)
    assert len(written) == pages  # none of them is told again


def test_a_drop_is_as_unusual_as_a_burst(site: Site) -> None:
    drop = replace(many(site, 1)[0], page="e.com/drop", mood="drop", found=0, expected=9000.0)
    assert drop in telling.most_unusual([*many(site, 40), drop])


def test_days_with_visits_are_asked_for_once(session: Session, burst: Site) -> None:
    (alert,) = public_alerts.unusual(session, burst, NOW)
    earlier = replace(alert, begins=ago(8), day=ago(8))
    never = replace(alert, begins=ago(20), day=ago(20))
    asked = list[str]()

    class Listening:
        def query(self, sql: str, **values: Any) -> Any:
            asked.append(sql)
            return session.query(sql, **values)

    found = public_alerts.beside(Listening(), burst, [alert, earlier, never])  # type: ignore[arg-type]
    assert found == [Beside(6, 3, 0, 0.0), Beside(0, 0, 0, None), Beside(0, 0, 0, None)]
    assert asked.count(statement("digest/measured")) == 1


@pytest.mark.parametrize(
    ("beside", "minimum", "wanted"),
    [
        (Beside(40, 9, 280, 10.0), 5,
         "by dark social 40 (usually 10), from social networks 9."),
        (Beside(3, 9, 280, 10.0), 5, "by dark social too few to say, from social networks 9."),
        (Beside(40, 9, 3, 0.1), 5, "by dark social 40, from social networks 9."),
        (Beside(3, 1, 3, 0.1), 0, "by dark social 3 (usually 0.1), from social networks 1."),
        (Beside(0, 0, 0, None), 5, "by dark social 0, from social networks 0."),
    ],
)  # fmt: skip
def test_few_visits_are_not_told(beside: Beside, minimum: int, wanted: str) -> None:
    alert = PublicAlert(
        "e.com", "e.com/a", "X", date(2024, 10, 16), date(2024, 10, 22), "drop", "likes",
        3, 70.04, 3, 0, 0,
    )  # fmt: skip
    said = public_alerts.sentence(alert, beside, words_for("en"), minimum)
    assert said.startswith(
        "Likes of e.com/a on X: 3 from 16 Oct to 22 Oct 2024, usually 70. Far fewer than usual"
    )
    assert said.endswith(f"Visits to the same page: {wanted}")
