"""The commands on an embedded store of their own, as a user types them."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from engines import ClickHouseServer, fresh

from darksocial.cli.main import main
from darksocial.spool import snapshot
from darksocial.store import open_embedded

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36"
)
CATEGORIES = ("page_views", "assets", "bots", "previews", "refused", "already_imported")

Darksocial = Callable[..., Result]


def line(minute: int, path: str, *, who: int = 7, referrer: str = "-", agent: str = CHROME) -> str:
    """Return a line of the combined format."""
    return (
        f"203.0.113.{who} - - [02/Nov/2026:09:{minute:02}:00 +0000] "
        f'"GET {path} HTTP/1.1" 200 5120 "{referrer}" "{agent}"\n'
    )


LOG = "".join(
    [
        line(0, "/story", referrer="https://web.whatsapp.com/"),
        line(1, "/style.css", referrer="https://example.com/story"),
        line(2, "/story", who=8, agent="TelegramBot (like TwitterBot)"),
        line(3, "/story", who=9, agent="Googlebot/2.1 (+http://www.google.com/bot.html)"),
        line(4, "/other", who=10, referrer="https://www.google.com/"),
        line(5, "/", who=11),
        "this is no line of a log\n",
    ]
)


@pytest.fixture
def darksocial(
    tmp_path: Path, template: Path, request: pytest.FixtureRequest
) -> Iterator[Darksocial]:
    """Run a command with a store of this test.

    The engine stays open from one command to the next, which changes nothing but the time that
    it takes; not where it has to belong to another process.
    """
    if "held" in request.fixturenames:
        yield _runner(f"chdb://{tmp_path / 'store'}")
    else:
        with open_embedded(url := fresh(tmp_path / "store", template)):
            yield _runner(url)


def _runner(url: str) -> Darksocial:
    def run(*words: str, stdin: str = "", store: str = "") -> Result:
        environment = {"DARKSOCIAL_STORE": store or url}
        return CliRunner().invoke(main, list(words), input=stdin, env=environment)

    return run


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(LOG)
    return path


@pytest.fixture
def imported(darksocial: Darksocial, log: Path) -> dict[str, Any]:
    """The account of an import of the small log."""
    assert darksocial("site", "add", "example.com").exit_code == 0
    return told(darksocial("import", "log", str(log), "--site", "example.com", "--format", "json"))


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(result: Result) -> str:
    """Return the one sentence of an error."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Error: ")
    return sentence


def test_a_tag_is_written_as_html_whatever_the_tracker_s_address(darksocial: Darksocial) -> None:
    added = darksocial("site", "add", "example.com", "--tracker-url", "https://t.example/a&b")
    assert '<script defer src="https://t.example/a&amp;b/ds.js" data-site=' in added.stdout


def test_a_site_is_added_with_its_snippet_tag_and_listed(
    darksocial: Darksocial, tmp_path: Path
) -> None:
    added = darksocial(
        "site", "add", "www.Example.com", "--host", "blog.example.com", "--timezone",
        "Europe/Berlin", "--tracker-url", "https://t.example/",
    )  # fmt: skip
    assert added.exit_code == 0
    listed = darksocial("site", "list").stdout.split()
    name, key, hosts, zone = listed
    assert (name, hosts, zone) == (
        "example.com", "example.com,blog.example.com", "Europe/Berlin",
    )  # fmt: skip
    assert (
        added.stdout == f'<script defer src="https://t.example/ds.js" data-site="{key}"></script>\n'
    )
    told_tracker = snapshot.read(tmp_path / "store" / "snapshot.json")
    assert told_tracker is not None
    assert list(told_tracker.sites) == [key]


def test_a_site_is_removed_and_comes_back(darksocial: Darksocial) -> None:
    darksocial("site", "add", "example.com")
    before = darksocial("site", "list").stdout
    assert darksocial("site", "remove", "example.com").exit_code == 0
    assert darksocial("site", "list").stdout == ""
    darksocial("site", "add", "example.com")
    assert darksocial("site", "list").stdout == before


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [
        ("", 1, "is empty"),
        ("garbage\n", 1, "Most lines do not have"),
        (LOG, 0, "could not be read"),
    ],
)
def test_an_import_of_nothing_is_a_failure(
    darksocial: Darksocial, log: Path, text: str, status: int, words: str
) -> None:
    darksocial("site", "add", "example.com")
    log.write_text(text)
    done = darksocial("import", "log", str(log), "--site", "example.com")
    assert done.exit_code == status
    assert words in done.stderr
    assert "page views" in done.stdout


def test_a_link_is_added_and_listed(darksocial: Darksocial, tmp_path: Path) -> None:
    darksocial("site", "add", "example.com")
    added = darksocial(
        "link", "add", "https://example.com/a", "--kind", "person", "--label", "Ann",
        "--tracker-url", "https://t.example",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    code = added.stdout.strip().removeprefix("https://t.example/r/")
    listed = f"{code}  person  https://example.com/a  Ann\n"
    assert darksocial("link", "list").stdout == listed
    assert darksocial("link", "list", "--site", "example.com").stdout == listed
    told_tracker = snapshot.read(tmp_path / "store" / "snapshot.json")
    assert told_tracker is not None
    assert list(told_tracker.links) == [code]


def test_every_line_of_a_log_is_accounted_for(imported: dict[str, Any]) -> None:
    assert imported["lines"] == 7
    assert {name: imported[name] for name in CATEGORIES} == {
        "page_views": 3,
        "assets": 1,
        "bots": 1,
        "previews": 1,
        "refused": 1,
        "already_imported": 0,
    }
    assert sum(imported["refused_reasons"].values()) == imported["refused"]
    assert "this is no line of a log" in Path(imported["rejects"]).read_text()


def test_the_same_log_again_brings_nothing_new(
    darksocial: Darksocial, log: Path, imported: dict[str, Any]
) -> None:
    report = ("report", "overview", "--site", "example.com", "--format", "json")
    before = told(darksocial(*report))
    again = told(darksocial("import", "log", str(log), "--site", "example.com", "--format", "json"))
    assert (again["lines"], again["page_views"], again["already_imported"]) == (7, 0, 7)
    assert told(darksocial(*report)) == before
    with log.open("a") as file:
        file.write(line(30, "/new", who=12))
    grown = told(darksocial("import", "log", str(log), "--site", "example.com", "--format", "json"))
    assert (grown["page_views"], sum(grown[name] for name in CATEGORIES)) == (1, grown["lines"])
    assert told(darksocial(*report))["visits"] == before["visits"] + 1


def test_standard_input_and_gzip_are_logs_too(darksocial: Darksocial, tmp_path: Path) -> None:
    for place, name in enumerate(("plain.example", "zipped.example")):
        darksocial("site", "add", name)
        if place:
            path = tmp_path / "log.gz"
            path.write_bytes(gzip.compress(LOG.encode()))
            result = darksocial("import", "log", str(path), "--site", name)
        else:
            result = darksocial("import", "log", "-", "--site", name, stdin=LOG)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("7 lines: 3 page views, 1 asset, 1 bot, 1 preview, 1 ")


def test_an_order_of_letters_is_confirmed_with_its_alerts(darksocial: Darksocial) -> None:
    darksocial("site", "add", "letters.example")
    order = ("digest", "add", "ann@example.com", "--site", "letters.example")
    figures = "ann@example.com gets the weekly figures of letters.example"
    assert darksocial(*order).stdout == f"{figures}\n"
    assert darksocial(*order, "--alerts").stdout == (
        f"{figures}, and a word at once when something unusual happens\n"
    )


def test_an_import_can_be_undone(
    darksocial: Darksocial, log: Path, imported: dict[str, Any]
) -> None:
    report = ("report", "overview", "--site", "example.com", "--format", "json")
    assert told(darksocial(*report))["visits"] == 3
    listed = darksocial("import", "list", "--site", "example.com").stdout
    assert imported["import"] in listed
    assert "done" in listed
    undone = darksocial("import", "undo", imported["import"], "--site", "example.com")
    assert undone.exit_code == 0, undone.output
    assert told(darksocial(*report))["visits"] == 0
    assert "undone" in darksocial("import", "list", "--site", "example.com").stdout
    again = darksocial("import", "log", str(log), "--site", "example.com", "--format", "json")
    assert told(again)["page_views"] == 3
    assert told(darksocial(*report))["visits"] == 3


def test_reclassify_says_what_it_did(darksocial: Darksocial, imported: dict[str, Any]) -> None:
    first = darksocial("reclassify", "--site", "example.com")
    assert first.stdout == "1 days computed, 3 visits.\n"
    assert darksocial("reclassify", "--site", "example.com").stdout.startswith("0 days computed")
    again = darksocial("reclassify", "--site", "example.com", "--all")
    assert again.stdout == first.stdout


@pytest.mark.parametrize("name", ["overview", "channels", "pages", "links"])
def test_the_forms_of_a_report_tell_the_same(
    darksocial: Darksocial, imported: dict[str, Any], name: str
) -> None:
    report = ("report", name, "--site", "example.com", "--format")
    body = told(darksocial(*report, "json"))
    rows = list(csv.reader(io.StringIO(darksocial(*report, "csv").stdout, newline="")))
    table = darksocial(*report, "table").stdout
    assert body["report"] == name
    assert body["site"] == "example.com"
    assert [[str(row[column]) for column in rows[0]] for row in body["rows"]] == rows[1:]
    if name != "links":
        assert sum(row["visits"] for row in body["rows"]) == 3
        assert all(column in table for column in rows[0])


def test_a_site_without_hits_has_empty_reports(darksocial: Darksocial) -> None:
    darksocial("site", "add", "example.com")
    for name in ("overview", "channels", "pages", "links"):
        report = ("report", name, "--site", "example.com", "--format")
        assert told(darksocial(*report, "json"))["rows"] == []
        assert len(darksocial(*report, "csv").stdout.splitlines()) == 1
        said = "there is no managed link" if name == "links" else "nothing was recorded"
        assert said in darksocial(*report, "table").stdout


STORES = [
    ("sqlite:///x", "'sqlite:///x' is no store address"),
    ("chdb://relative", "three slashes"),
    ("chdb:///", "three slashes"),
    ("/just/a/path", "is no store address"),
    ("clickhouse:///db", "needs a host"),
    ("clickhouse://127.0.0.1:1/db", "does not answer"),
    ("clickhouse://127.0.0.1:x/db", "no usable port"),
    ("clickhouse://127.0.0.1/db?colour=red", "'colour'"),
    ("clickhouse://127.0.0.1/my-db;", "no name for a table"),
    ("chdb:///proc/nowhere", "/proc/nowhere"),
]


@pytest.mark.parametrize(("store", "part"), STORES, ids=lambda value: str(value)[:40])
def test_a_store_that_cannot_be_opened_is_one_sentence(
    darksocial: Darksocial, store: str, part: str
) -> None:
    assert part in refused(darksocial("site", "list", store=store))


HOLD = """
import sys
from darksocial.store import open_embedded
with open_embedded(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has this test's store open, without a console."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, f"chdb://{tmp_path / 'store'}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.stdin.close()
    process.wait(20)
    process.stdout.close()


def test_a_directory_that_another_process_owns_is_named_with_its_owner(
    darksocial: Darksocial, held: subprocess.Popen[str], tmp_path: Path
) -> None:
    for words in (("site", "list"), ("report", "pages", "--site", "a.example"), ("serve",)):
        sentence = refused(darksocial(*words))
        assert str(tmp_path / "store") in sentence
        assert f"process {held.pid}" in sentence
        assert "wait until it is done, or stop it" in sentence


def test_a_directory_is_free_again_when_its_owner_was_killed(
    darksocial: Darksocial, held: subprocess.Popen[str]
) -> None:
    held.kill()
    held.wait(20)
    assert darksocial("site", "add", "example.com").exit_code == 0


@pytest.mark.server
def test_a_server_gives_the_same_reports_as_the_embedded_store(
    darksocial: Darksocial, clickhouse_server: ClickHouseServer, log: Path
) -> None:
    answers = []
    for store in ("", clickhouse_server.url("same")):
        darksocial("site", "add", "example.com", store=store)
        words = ("import", "log", str(log), "--site", "example.com", "--format", "json")
        account = told(darksocial(*words, store=store))
        reports = [
            told(darksocial("report", name, "--site", "example.com", "--format", "json",
                            store=store))
            for name in ("overview", "channels", "pages", "links")
        ]  # fmt: skip
        answers.append(({name: account[name] for name in ("lines", *CATEGORIES)}, reports))
    assert answers[0] == answers[1]


def test_the_real_log_is_accounted_for_and_its_totals_add_up(
    darksocial: Darksocial, real_log: Path
) -> None:
    site = ("--site", "semicomplete.com", "--format", "json")
    darksocial("site", "add", "semicomplete.com")
    account = told(darksocial("import", "log", str(real_log), *site))
    assert account["lines"] == 10_000
    assert sum(account[name] for name in CATEGORIES) == 10_000
    body = told(darksocial("report", "overview", *site))
    assert body["page_views"] == account["page_views"]
    assert body["visits"] == sum(day["visits"] for day in body["days"])
    assert body["visits"] == sum(row["visits"] for row in body["channels"])
    assert sum(row["visits"] for row in body["direct_was"]) == body["reported_direct"]
    assert sum(row["page_views"] for row in body["rows"]) == body["page_views"]
    direct = [body[name] for name in ("direct_that_was_dark_social",
              "direct_that_was_something_else", "still_direct")]  # fmt: skip
    assert sum(direct) == body["reported_direct"]
    # External referrers keep their channel: nobody whom a search engine sent becomes dark social.
    for row in body["rows"]:
        if row["evidence"] == "referrer" and row["reported_channel"] == "Organic Search":
            assert row["channel"] == "search"
    channels = {row["channel"]: row["visits"] for row in body["channels"]}
    assert channels["search"] > 100
    assert channels["referral"] > 100
    pages = told(darksocial("report", "pages", *site))
    assert sum(row["visits"] for row in pages["rows"]) == body["visits"]
