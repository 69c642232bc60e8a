"""A log that is followed: growing, renamed, truncated, and stopped at any time."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from access_log import lines

from darksocial import registry
from darksocial.errors import InputError
from darksocial.imports import Follower, ImportResult, import_log, list_imports
from darksocial.model import Site
from darksocial.store import Store

Followed = Callable[[], list[int]]


_numbers = itertools.count(1)


@pytest.fixture
def site(embedded_store: Store) -> Site:
    with embedded_store.session() as session:
        return registry.add_site(session, f"follow-{next(_numbers)}.example")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def follower(embedded_store: Store, site: Site, log: Path, tmp_path: Path) -> Iterator[Follower]:
    follower = Follower(embedded_store, site, str(log), rejects=tmp_path / "rejects")
    yield follower
    follower.close()


@pytest.fixture
def once(follower: Follower) -> Followed:
    """Return a function that takes one look, and gives the page views of each pass in it."""

    def look() -> list[int]:
        results: list[ImportResult] = []
        follower.once(results.append)
        return [result.page_views for result in results]

    return look


def hits(store: Store, site: Site) -> int:
    sql = "SELECT uniqExact(id) AS n FROM hits WHERE site = %(site)s"
    with store.session() as session:
        return int(session.query(sql, site=site.name)["n"][0].as_py())


def states(store: Store, site: Site) -> list[tuple[str, str]]:
    return [(row.name, row.state) for row in list_imports(store, site)]


def append(log: Path, text: str) -> None:
    with log.open("a", encoding="utf-8") as file:
        file.write(text)


def test_what_comes_is_read_under_one_import(
    once: Followed, follower: Follower, embedded_store: Store, site: Site, log: Path
) -> None:
    log.write_text(lines(3))
    assert once() == [3]
    assert once() == []
    append(log, lines(2, second=3))
    assert once() == [5]
    assert states(embedded_store, site) == [("access.log", "interrupted")]
    follower.close()
    assert states(embedded_store, site) == [("access.log", "done")]
    assert hits(embedded_store, site) == 5


def test_a_line_waits_until_it_is_whole(
    once: Followed, embedded_store: Store, site: Site, log: Path
) -> None:
    text = lines(3)
    log.write_text(text[:-40])
    once()
    append(log, text[-40:])
    once()
    assert hits(embedded_store, site) == 3


def test_a_renamed_log_is_read_to_its_end(
    once: Followed, follower: Follower, embedded_store: Store, site: Site, log: Path
) -> None:
    log.write_text(lines(3))
    once()
    append(log, lines(2, second=3))
    log.rename(log.with_suffix(".log.1"))
    assert once() == [5], "the server writes on into the renamed file"
    append(log.with_suffix(".log.1"), lines(1, second=5))
    log.write_text(lines(4, second=10))
    assert once() == [6, 4]
    follower.close()
    assert states(embedded_store, site) == [("access.log", "done"), ("access.log", "done")]
    assert hits(embedded_store, site) == 10


def test_a_truncated_log_begins_again(
    once: Followed, follower: Follower, embedded_store: Store, site: Site, log: Path
) -> None:
    log.write_text(lines(5))
    once()
    log.write_text(lines(2, second=20))
    assert once() == [2]
    follower.close()
    assert [state for _, state in states(embedded_store, site)] == ["done", "done"]
    assert hits(embedded_store, site) == 7


def test_an_emptied_log_is_no_trouble(once: Followed, log: Path) -> None:
    log.write_text("")
    assert once() == []
    log.write_text(lines(1))
    assert once() == [1]


def test_following_again_or_importing_counts_nothing_twice(
    once: Followed,
    follower: Follower,
    embedded_store: Store,
    site: Site,
    log: Path,
    tmp_path: Path,
) -> None:
    log.write_text(lines(3))
    once()
    follower.close()
    result = import_log(embedded_store, site, str(log), rejects=tmp_path / "rejects")
    assert (result.page_views, result.already_imported) == (0, 3)
    append(log, lines(2, second=3))
    assert once() == [2]
    assert hits(embedded_store, site) == 5


def test_it_runs_until_it_is_stopped(follower: Follower, log: Path) -> None:
    log.write_text(lines(2))
    stop = threading.Event()
    passes: list[int] = []

    def seen(result: ImportResult) -> None:
        passes.append(result.page_views)
        if len(passes) == 1:
            append(log, lines(2, second=2))
        else:
            stop.set()

    follower.run(stop, seen, 0.01)
    assert passes == [2, 4]


@pytest.mark.parametrize("path", ["-", "access.log.gz"])
def test_only_a_plain_file_can_be_followed(
    embedded_store: Store, site: Site, tmp_path: Path, path: str
) -> None:
    with pytest.raises(InputError, match="cannot be followed"):
        Follower(embedded_store, site, path, rejects=tmp_path)


def test_a_file_that_is_not_there_is_named(once: Followed) -> None:
    with pytest.raises(InputError, match=r"There is no file .*access\.log"):
        once()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    env = {**os.environ, "HOME": str(tmp_path)}
    log = tmp_path / "access.log"
    log.write_text(lines(3))
    command = [sys.executable, "-c", "from darksocial.cli import run; run()"]
    store = ["--store", f"chdb://{tmp_path}/home"]
    subprocess.run([*command, "site", "add", "example.com", *store], check=True, env=env)
    arguments = ["import", "log", str(log), "--site", "example.com", *store, "--follow"]
    following = subprocess.Popen(
        [*command, *arguments, "--interval", "0.1", "--format", "json"],
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    assert following.stdout is not None
    account = ""
    while not account.endswith("}\n"):
        account += following.stdout.readline()
    following.send_signal(number)
    following.communicate(timeout=30)
    assert (following.returncode, json.loads(account)["page_views"]) == (0, 3)
    listed = subprocess.run(
        [*command, "import", "list", "--site", "example.com", *store],
        check=True,
        capture_output=True,
        text=True,
        env=env,
    )
    assert listed.stdout == "log:1  done  3 lines  access.log\n"
