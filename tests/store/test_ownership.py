"""An embedded store has one owner: who it is, how it is found, what becomes of a dead one's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import CONFIG, behind_console

from darksocial import registry
from darksocial.errors import SettingError, StoreOwned, StoreUnavailable
from darksocial.store import Lock, Owner, open_embedded, open_store, read_owner
from darksocial.store.remote import RemoteStore

HOLDER = """
import sys, time
from darksocial.store import Owner, open_embedded
import os
with open_embedded(sys.argv[1], Owner(os.getpid(), "darksocial import", *sys.argv[2:])) as store:
    print("held", flush=True)
    time.sleep(600)
"""
LOOKER = """
import sys
from pathlib import Path
from darksocial.store import read_owner
print("looking", flush=True)
while True:
    read_owner(Path(sys.argv[1]))
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"chdb://{tmp_path / 'store'}"


@pytest.fixture
def holder(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that owns the store and has no console."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_an_owner_without_a_console_is_named(url: str, holder: subprocess.Popen[bytes]) -> None:
    with pytest.raises(StoreOwned) as caught:
        open_store(url)
    sentence = str(caught.value)
    assert f"`darksocial import` (process {holder.pid})" in sentence
    assert "wait until it is done, or stop it" in sentence
    assert "\n" not in sentence
    with pytest.raises(StoreOwned, match=f"process {holder.pid}"):
        open_embedded(url)


def test_a_killed_owner_leaves_a_store_that_works(
    url: str, holder: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    holder.kill()
    holder.wait()
    assert read_owner(tmp_path / "store" / "lock") is None
    with open_store(url) as store, store.session() as session:
        assert registry.add_site(session, "example.com").name == "example.com"


def test_whoever_only_looks_does_not_keep_an_owner_out(tmp_path: Path) -> None:
    """The supervisor asks twenty times a second who owns the home that its child is taking."""
    path = tmp_path / "lock"
    path.touch()
    lookers = [
        subprocess.Popen([sys.executable, "-c", LOOKER, str(path)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        for looker in lookers:
            assert looker.stdout is not None
            assert looker.stdout.readline() == b"looking\n"
        for _ in range(150):
            lock = Lock(path)
            lock.take(Owner(1, "somebody"))
            lock.release()
    finally:
        for looker in lookers:
            looker.kill()
            looker.communicate()


def test_an_owner_is_seen_by_everybody_who_asks_at_once(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    lock.take(Owner(7, "serve", "http://127.0.0.1:1", "secret"))
    found: list[Owner | None] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_owner(tmp_path / "lock")))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lock.release()
    assert found == [Owner(7, "serve", "http://127.0.0.1:1", "secret")] * 20
    assert read_owner(tmp_path / "lock") is None


def test_a_shorter_note_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    lock.take(Owner(1, "a" * 500))
    lock.say(Owner(2, "b"))
    assert json.loads((tmp_path / "lock").read_text())["command"] == "b"
    lock.release()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"unknown": 1}', "\x00\xff"])
def test_an_owner_whose_note_cannot_be_read_is_an_owner(tmp_path: Path, text: str) -> None:
    lock = Lock(tmp_path / "lock")
    lock.take(Owner(1, "x"))
    (tmp_path / "lock").write_text(text)
    owner = read_owner(tmp_path / "lock")
    lock.release()
    assert owner == Owner(0, "a process that is just starting")


def test_lock_and_home_are_private(url: str, tmp_path: Path) -> None:
    with open_store(url):
        assert (tmp_path / "store").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "store" / "lock").stat().st_mode & 0o777 == 0o600


def test_a_process_may_open_its_store_twice(url: str) -> None:
    with open_store(url) as one:
        with open_store(url) as two, two.session() as session:
            registry.add_site(session, "example.com")
        with one.session() as session:
            assert list(registry.sites(session)) == ["example.com"]


def test_a_process_opens_one_store_at_a_time(url: str, tmp_path: Path) -> None:
    with open_store(url), pytest.raises(StoreUnavailable, match="close that before you open"):
        open_store(f"chdb://{tmp_path / 'other'}")
    with open_store(f"chdb://{tmp_path / 'other'}") as other, other.session() as session:
        assert registry.sites(session) == {}


def test_the_lock_of_a_store_that_does_not_open_is_free_again(tmp_path: Path) -> None:
    home = tmp_path / "store"
    home.mkdir()
    (home / "engine").write_text("a file where the engine wants a directory")
    with pytest.raises(StoreUnavailable):
        open_store(f"chdb://{home}")
    assert read_owner(home / "lock") is None
    (home / "engine").unlink()
    open_store(f"chdb://{home}").close()


def test_a_running_console_is_found_by_the_lock(url: str, tmp_path: Path) -> None:
    with open_embedded(url) as store, behind_console(store) as remote:
        assert isinstance(remote, RemoteStore)
        assert store.lock is not None
        store.lock.say(remote._owner)
        child = "import sys, darksocial as ds; s = ds.open_store(sys.argv[1]); print(s.local)"
        run = subprocess.run(
            [sys.executable, "-c", child, url], capture_output=True, text=True, timeout=60
        )
        assert (run.stdout, run.stderr) == ("False\n", "")


@pytest.mark.parametrize(
    "address",
    ["", "x", "chdb:", "chdb://relative/path", "chdb:///", "chdb:///a?b=1", "chdb:///a#b",
     "http://example.com", "clickhouse://", "clickhouse:///db", "clickhouse://h:port/db",
     "clickhouse://h:99999/db", "clickhouse://h/db?cluster=main"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARKSOCIAL_STORE", "nonsense")
    with pytest.raises(SettingError) as caught:
        open_store(address)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["store", "store/engine"])
def test_a_file_where_the_store_should_be_is_one_sentence(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    with pytest.raises(StoreUnavailable) as caught:
        open_store(f"chdb://{tmp_path / 'store'}")
    assert type(caught.value) is StoreUnavailable  # and nobody else's
    assert str(tmp_path / "store") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_engine_that_may_not_write_is_not_said_to_be_another_s(tmp_path: Path) -> None:
    (tmp_path / "store" / "engine" / "status").mkdir(parents=True)
    with pytest.raises(StoreUnavailable, match="this user may read and write") as caught:
        open_store(f"chdb://{tmp_path / 'store'}")
    assert not isinstance(caught.value, StoreOwned)


def test_a_password_is_never_shown() -> None:
    for address in ("postgres://u:hunter2@h/db", "clickhouse://u:hunter2@h:port/db"):
        with pytest.raises(SettingError) as caught:
            open_store(address)
        assert "hunter2" not in str(caught.value)


def test_a_directory_with_a_server_s_configuration_is_named(tmp_path: Path) -> None:
    """The engine reads a config.xml of the directory that it starts in."""
    (tmp_path / "config.xml").write_text(
        CONFIG.format(home=tmp_path / "none", tcp=1, http=1, interserver=1)
    )
    code = "import darksocial as ds; ds.open_store('chdb://" + str(tmp_path / "store") + "')"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert "StoreUnavailable: The embedded engine does not start" in run.stderr
    assert "run this in another" in run.stderr


def test_a_moved_home_works_where_it_is_now(url: str, tmp_path: Path) -> None:
    with open_store(url) as store, store.session() as session:
        registry.add_site(session, "example.com")
    shutil.move(tmp_path / "store", tmp_path / "moved")
    with open_store(f"chdb://{tmp_path / 'moved'}") as store, store.session() as session:
        assert list(registry.sites(session)) == ["example.com"]


def test_a_free_lock_is_taken_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", pytest.fail)
    lock = Lock(tmp_path / "lock")
    lock.take(Owner(1, "x"))
    lock.release()
