"""Reports on literal visits: what adds up, whose day it is, and what hostile texts become."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, records, seal, token

from darksocial import campaigns, reclassification, registry, reports
from darksocial.campaigns import Campaign
from darksocial.drain import drain_once
from darksocial.errors import InputError
from darksocial.model import Link, Site
from darksocial.reports import Range, Report, model
from darksocial.reports.output import NOTHING
from darksocial.spool.record import encode
from darksocial.store import Session, Store

pytestmark = pytest.mark.engines

EVER = Range()
TELEGRAM = "TelegramBot (like TwitterBot)"
GOOGLEBOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"
NAMES = tuple(reports.REPORTS)
NEEDS_MORE = {"timing"}  # a share that was visited: see its own tests
ROWS = [
    hit("10:00", "ann", "/a"),
    hit("10:05", "ann", "/b", page="/a"),
    hit("11:00", "ann", "/c", page="/b"),  # goes on after a pause: no new arrival
    hit("12:00", "bob", "/a", referrer="https://web.whatsapp.com/"),
    hit("12:00", "cyd", "/a", referrer="https://www.google.com/"),
    hit("12:00", "dan", "/b", referrer="https://other.example/x"),
    hit("12:00", "eve", "/b?utm_source=letter&utm_medium=email"),
    hit("12:00", "fay", "/b", source="example"),
    hit("12:00", "pre", "/a", user_agent=TELEGRAM),
    hit("12:00", "bot", "/a", user_agent=GOOGLEBOT),
]


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Link]:
    """A site with the rows above, and with one click on a link and the visit after it."""
    site = new_site(store)
    with store.session() as session:
        link = registry.add_link(session, f"https://{site.name}/b", "person", "Gil")
        campaigns.add(session, Campaign(site.name, "Letter", date(2024, 10, 1), tags=("letter",)))
    way = [
        hit("13:00:00", "gil", "/b", kind="click", code=link.code),
        hit("13:00:01", "gil", f"/b?ds={link.code}"),
        hit("13:00:05", "gil", "/b", kind="share", token=token(site), method="copy"),
        hit("13:00:06", "gil", "/b", kind="conversion", name="order", value=5.0, currency="EUR"),
    ]
    drain(store, tmp_path_factory.mktemp("home"), site, [*ROWS, *way])
    reclassification.publish_dirty(store, site.name)
    return site, link


def report(store: Store, site: Site, name: str = "overview", span: Range = EVER) -> Report:
    with store.session() as session:
        return reports.run(session, name, site, span)


def total(answer: Report, column: str = "visits") -> int:
    return sum(int(row[column]) for row in answer.rows)


def test_the_overview_accounts_for_every_visit(store: Store, filled: tuple[Site, Link]) -> None:
    answer = report(store, filled[0])
    summary = answer.summary
    assert summary["visits"] == 7
    assert summary["continued_visits"] == 1
    assert total(answer) == summary["visits"] + summary["continued_visits"]
    assert total(answer, "page_views") == summary["page_views"] == 9
    assert (summary["previews"], summary["bots"], summary["example_visits"]) == (1, 1, 1)
    for parts in ("channels", "reported_channels", "days"):
        assert sum(row["visits"] for row in summary[parts]) == summary["visits"], parts
    assert sum(row["visits"] for row in summary["direct_was"]) == summary["reported_direct"]
    assert sum(row["reported_direct"] for row in summary["days"]) == summary["reported_direct"]
    assert summary["reported_direct"] == (
        summary["direct_that_was_dark_social"]
        + summary["direct_that_was_something_else"]
        + summary["still_direct"]
    )


def test_channels_and_pages_have_the_overview_s_totals(
    store: Store, filled: tuple[Site, Link]
) -> None:
    overview = report(store, filled[0]).summary
    for name in ("channels", "pages"):
        answer = report(store, filled[0], name)
        assert total(answer) == overview["visits"]
        assert total(answer, "reported_direct") == overview["reported_direct"]
        assert answer.summary["visits"] == overview["visits"]
    assert total(report(store, filled[0], "pages"), "dark_social") == overview["dark_social"]
    channels = {row["channel"]: row["visits"] for row in report(store, filled[0], "channels").rows}
    grouped = {row["channel"]: row["visits"] for row in overview["channels"]}
    assert grouped.keys() == channels.keys()


def test_a_link_is_told_with_its_clicks_and_visits(store: Store, filled: tuple[Site, Link]) -> None:
    site, link = filled
    (row,) = report(store, site, "links").rows
    assert {name: row[name] for name in ("code", "kind", "label", "destination")} == {
        "code": link.code,
        "kind": "person",
        "label": "Gil",
        "destination": f"https://{site.name}/b",
    }
    assert (row["clicks"], row["previews"], row["visits"]) == (1, 0, 1)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDS_MORE])
def test_every_form_has_every_row(store: Store, filled: tuple[Site, Link], name: str) -> None:
    answer = report(store, filled[0], name)
    body = json.loads(reports.render(answer, "json"))
    table = list(csv.DictReader(io.StringIO(reports.render(answer, "csv"), newline="")))
    lines = reports.render(answer, "table").splitlines()
    assert len(body["rows"]) == len(table) == len(answer.rows) > 0
    assert len(lines[lines.index("") + 1 :]) == len(answer.rows) + 2
    for row, cells in zip(answer.rows, table, strict=True):
        told = {name: "" if row[name] is None else str(row[name]) for name in answer.columns}
        assert told == cells


def test_totals_of_pages_are_those_of_all_pages(
    store: Store, filled: tuple[Site, Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = report(store, filled[0], "pages")
    assert whole.summary["pages"] == len(whole.rows) == 2
    monkeypatch.setattr(model, "PAGE_LIMIT", 1)
    cut = report(store, filled[0], "pages")
    assert len(cut.rows) == 1
    assert cut.summary == whole.summary


class Between:
    """A session during whose reading a day is published anew after every statement."""

    def __init__(self, session: Session, work: Callable[[], None]) -> None:
        self._session, self._work = session, work

    def query(self, sql: str, /, **params: Any) -> Any:
        rows = self._session.query(sql, **params)
        self._work()
        return rows


def test_the_overview_fits_together_while_days_are_published(store: Store, tmp_path: Path) -> None:
    """Partition and note of a day are two steps: what is said of visits comes from one of them."""
    site, numbers = new_site(store), itertools.count(1)

    def publish_more() -> None:
        number = next(numbers)
        drain(store, tmp_path, site, [hit("10:00", f"v{number}", id=number)])
        reclassification.publish_dirty(store, site.name)

    publish_more()
    with store.session() as session:
        answer = reports.run(Between(session, publish_more), "overview", site)  # type: ignore[arg-type]
    summary = answer.summary
    assert summary["visits"] == total(answer) == summary["page_views"] > 0
    for parts in ("channels", "reported_channels", "days", "direct_was"):
        assert sum(row["visits"] for row in summary[parts]) == summary["visits"], parts


def test_two_runs_give_the_same_bytes(store: Store, filled: tuple[Site, Link]) -> None:
    for name in NAMES:
        first, second = (reports.render(report(store, filled[0], name), "json") for _ in range(2))
        assert first == second


# A day of Berlin in summer begins at 22:00 UTC.
BORDERS = [
    ("Europe/Berlin", "2024-10-21T21:59:59", "2024-10-21"),
    ("Europe/Berlin", "2024-10-21T22:00:00", "2024-10-22"),
    ("Europe/Berlin", "2024-10-22T21:59:59", "2024-10-22"),
    ("Europe/Berlin", "2024-10-27T22:59:59", "2024-10-27"),  # 25 hours long
    ("America/Lima", "2024-10-22T04:59:59", "2024-10-21"),
    ("Asia/Kolkata", "2024-10-21T18:30:00", "2024-10-22"),
    ("UTC", "2024-10-22T00:00:00", "2024-10-22"),
]


def test_days_are_those_of_the_site_s_time_zone(store: Store, tmp_path: Path) -> None:
    sites = [new_site(store, timezone=zone) for zone, _, _ in BORDERS]
    lines: list[bytes] = []
    for site, (_, when, _) in zip(sites, BORDERS, strict=True):
        lines += map(encode, records(site, [hit(when, "ann", "/a")]))
    seal(tmp_path / "spool", lines)
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects").hits == len(BORDERS)
    reclassification.publish_dirty(store)
    for site, (zone, when, day) in zip(sites, BORDERS, strict=True):
        wanted = date.fromisoformat(day)
        answer = report(store, site)
        assert (answer.first, answer.last, answer.timezone) == (wanted, wanted, zone), when
        assert [str(row["day"]) for row in answer.summary["days"]] == [day]
        inside = report(store, site, span=Range(wanted, wanted))
        assert total(inside) == 1
        assert total(report(store, site, span=Range(None, date(2024, 10, 20)))) == 0


def test_a_range_has_both_of_its_ends(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    rows = [hit(f"2024-10-{day}T10:00:00", f"v{day}") for day in (20, 21, 22, 23)]
    drain(store, tmp_path, site, rows)
    reclassification.publish_dirty(store, site.name)
    spans = {
        (None, None): 4,
        (21, 22): 2,
        (22, None): 2,
        (None, 21): 2,
        (23, 23): 1,
        (24, 30): 0,
    }
    for (first, last), visits in spans.items():
        span = Range(*(date(2024, 10, day) if day else None for day in (first, last)))
        assert total(report(store, site, span=span)) == visits, span


def test_a_range_that_ends_before_it_begins_is_refused(
    store: Store, filled: tuple[Site, Link]
) -> None:
    with pytest.raises(InputError, match="ends on 2024-10-01, before it begins on 2024-10-02"):
        report(store, filled[0], span=Range(date(2024, 10, 2), date(2024, 10, 1)))


def test_an_unknown_report_or_form_is_refused_with_those_there_are(
    store: Store, filled: tuple[Site, Link]
) -> None:
    with pytest.raises(InputError, match="'secrets' is no report: there are overview, channels"):
        report(store, filled[0], "secrets")
    with pytest.raises(InputError, match="'xml' is no format: there are table, json, csv"):
        reports.render(report(store, filled[0]), "xml")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_recorded_is_no_error(store: Store, name: str) -> None:
    answer = report(store, new_site(store), name)
    assert answer.rows == []
    said = NOTHING.get(name, "nothing was recorded")
    assert said in reports.render(answer, "table")
    assert json.loads(reports.render(answer, "json"))["from"] is None


HOSTILE = [
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\uff1d1+1",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "two\nlines",
    "\u202egpj.exe",
    "\x9b31m",
    'with "quotes", and commas',
    "x" * 300,
]


def hostile(text: str) -> Report:
    """Return a report with a text that others chose, as each of them comes from a visitor."""
    row: dict[str, Any] = {"page": text, "visits": 1}
    return Report("pages", "a.example", "UTC", date(2024, 1, 1), date(2024, 1, 1),
                  ("page", "visits"), [row])  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_for_a_spreadsheet(text: str) -> None:
    written = reports.render(hostile(text), "csv")
    _, (cell, visits) = csv.reader(io.StringIO(written, newline=""))
    assert visits == "1"
    assert cell.lstrip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")
    assert cell.removeprefix("'") == text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_speaks_to_the_terminal_or_breaks_the_table(text: str) -> None:
    written = reports.render(hostile(text), "table")
    lines = written.removesuffix("\n").split("\n")
    assert len(lines) == 5
    assert all(line.isprintable() for line in lines)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("text", HOSTILE)
def test_json_holds_the_text_as_it_is(text: str) -> None:
    written = reports.render(hostile(text), "json")
    assert json.loads(written)["rows"][0]["page"] == text
    assert "\x1b" not in written


def test_no_report_has_numbers_that_javascript_cannot_hold(
    store: Store, filled: tuple[Site, Link]
) -> None:
    """Ids have 63 bits; a report that shows one has to write it as text."""

    def numbers(value: Any) -> list[float]:
        if isinstance(value, dict):
            return [number for part in value.values() for number in numbers(part)]
        if isinstance(value, list):
            return [number for part in value for number in numbers(part)]
        return [value] if isinstance(value, int | float) else []

    for name in NAMES:
        body = json.loads(reports.render(report(store, filled[0], name), "json"))
        assert all(abs(number) < 2**53 for number in numbers(body))
