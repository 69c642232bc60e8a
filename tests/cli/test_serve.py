"""`darksocial serve` as a command of its own: who shares it, who revives it, and how it ends."""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from engines import free_port
from waiting import SECONDS, wait_until

from darksocial.store import Owner, read_owner

COMMAND = (sys.executable, "-W", "ignore", "-c", "from darksocial.cli import run; run()")
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36"
)
LOG = (
    '203.0.113.7 - - [02/Nov/2026:09:00:00 +0000] "GET /story HTTP/1.1" 200 5120 '
    f'"https://web.whatsapp.com/" "{CHROME}"\n'
)


def alive(pid: int) -> bool:
    """Return whether a process runs; a dead one that nobody has waited for does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def children(pid: int) -> dict[int, str]:
    """Return the children of a process with their command lines."""
    found = {}
    for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            words = Path(f"/proc/{text}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except FileNotFoundError:
            continue
        found[int(text)] = words
    return found


def descendants(pid: int) -> list[int]:
    below = list(children(pid))
    return below + [far for near in below for far in descendants(near)]


class Serving:
    """A running command with ports and a home of its own."""

    def __init__(self, home: Path, ports: dict[str, int], *flags: str) -> None:
        self.home = home
        self.store = f"chdb://{home}"
        self.ports = ports
        words = [f"--{name.replace('_', '-')}={port}" for name, port in ports.items()]
        self.output = home.with_suffix(".output")
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [
                    *COMMAND,
                    "serve",
                    "--store",
                    self.store,
                    "--tracker-workers",
                    "1",
                    *words,
                    *flags,
                ],
                stdout=file,
                stderr=file,
            )

    def wait(self) -> Serving:
        wait_until(lambda: "Ctrl-C stops it." in self.text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.text()
        return self

    def text(self) -> str:
        return self.output.read_text()

    @property
    def owner(self) -> Owner | None:
        owner = read_owner(self.home / "lock")
        return owner if owner and owner.address else None

    def child(self, word: str) -> int:
        """Return the process whose command line has this word."""
        (pid,) = [pid for pid, words in children(self.process.pid).items() if word in words]
        return pid

    def tracker_answers(self) -> bool:
        try:
            address = f"http://127.0.0.1:{self.ports['tracker_port']}/healthz"
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self, number: int = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(40)

    def close(self) -> None:
        """Leave nothing behind, whatever the test did."""
        below = descendants(self.process.pid) if self.process.poll() is None else []
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in below:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def free_ports() -> dict[str, int]:
    names = ("tracker_port", "console_port", "demo_port")
    return {name: free_port() for name in names}


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    running = Serving(tmp_path / "home", free_ports())
    try:
        yield running.wait()
    finally:
        running.close()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, timeout=SECONDS, check=False
    )


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr


def answers(store: str, log: Path) -> list[Any]:
    """Return what a user reads from one command after the other."""
    site = ("--site", "example.com", "--store", store)
    assert run("site", "add", "example.com", "--store", store).returncode == 0
    account = json.loads(run("import", "log", str(log), "--format", "json", *site).stdout)
    account = {name: account[name] for name in ("import", "lines", "page_views", "refused", "days")}
    rest: Sequence[tuple[str, ...]] = (
        ("reclassify", *site),
        ("import", "list", *site),
        ("report", "overview", "--format", "json", *site),
        ("report", "pages", *site),
        ("report", "channels", "--format", "csv", *site),
        ("import", "undo", "log:1", *site),
        ("report", "overview", "--format", "json", *site),
        ("report", "overview", "--site", "nobody.example", "--store", store),
    )
    done = [run(*words) for words in rest]
    # Whether the drain or the command was first to compute a day is nobody's business.
    told = [(one.returncode, one.stdout, one.stderr) for one in done[1:]]
    return [account, done[0].returncode, *told]


def test_commands_tell_the_same_through_a_running_serve_and_without(
    serving: Serving, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    log.write_text(LOG * 2 + LOG.replace("/story", "/other").replace("203.0.113.7", "203.0.113.8"))
    assert answers(serving.store, log) == answers(f"chdb://{tmp_path / 'alone'}", log)
    assert serving.owner is not None


def test_a_second_serve_is_told_who_owns_the_store(serving: Serving) -> None:
    words = [f"--{name.replace('_', '-')}={port}" for name, port in free_ports().items()]
    sentence = refused(run("serve", "--store", serving.store, *words))
    assert f"`darksocial serve` (process {serving.process.pid})" in sentence
    assert len(sentence.splitlines()) == 1
    assert serving.tracker_answers()


@pytest.mark.parametrize("name", ["tracker_port", "console_port", "demo_port"])
def test_a_taken_port_is_one_sentence(tmp_path: Path, name: str) -> None:
    flags = ["--demo"] if name == "demo_port" else []
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = {**free_ports(), name: int(taken.getsockname()[1])}
        running = Serving(tmp_path / "home", ports, *flags)
        try:
            assert running.process.wait(SECONDS) == 1
        finally:
            running.close()
    text = running.text()
    assert "Traceback" not in text
    assert str(ports[name]) in text
    assert f"--{name.replace('_', '-')}" in text


class Yes(http.server.BaseHTTPRequestHandler):
    """Another program's server, which finds every request good."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other_server() -> Iterator[int]:
    """The port of another HTTP server."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Yes) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def test_another_server_on_the_port_is_not_taken_for_the_tracker(
    tmp_path: Path, other_server: int
) -> None:
    running = Serving(tmp_path / "home", {**free_ports(), "tracker_port": other_server})
    try:
        assert running.process.wait(SECONDS) == 1
    finally:
        running.close()
    assert "is running" not in running.text()
    assert f"cannot listen on 127.0.0.1 port {other_server}" in running.text()


def test_no_proxy_is_asked_whether_the_tracker_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    running = Serving(tmp_path / "home", free_ports())
    try:
        running.wait()
    finally:
        running.close()


SAME_PORTS = [
    # flags of ports that are the same, how they are named
    (("tracker_port", "console_port"), [], "--tracker-port and --console-port are both"),
    (("console_port", "demo_port"), ["--demo"], "--console-port and --demo-port are both"),
]


@pytest.mark.parametrize(("names", "flags", "words"), SAME_PORTS)
def test_two_servers_want_ports_of_their_own(
    tmp_path: Path, names: tuple[str, ...], flags: list[str], words: str
) -> None:
    ports = {**free_ports(), **dict.fromkeys(names, free_port())}
    running = Serving(tmp_path / "home", ports, *flags)
    try:
        assert running.process.wait(SECONDS) == 1
    finally:
        running.close()
    assert f"{words} {ports[names[0]]}: give them different ports." in running.text()
    assert len(running.text().splitlines()) == 1


@pytest.mark.parametrize("name", ["tracker_host", "console_host"])
def test_a_host_without_an_address_is_one_sentence(tmp_path: Path, name: str) -> None:
    flag = f"--{name.replace('_', '-')}"
    running = Serving(tmp_path / "home", free_ports(), flag, "nohost.invalid")
    try:
        assert running.process.wait(SECONDS) == 1
    finally:
        running.close()
    assert "Traceback" not in running.text()
    assert "nohost.invalid" in running.text()
    assert flag in running.text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(serving: Serving, number: int) -> None:
    below = descendants(serving.process.pid)
    assert serving.stop(number) == 0
    assert not [pid for pid in below if alive(pid)]
    assert read_owner(serving.home / "lock") is None
    assert "Traceback" not in serving.text()


@pytest.mark.parametrize("word", ["public", "private"])
def test_a_killed_child_is_started_again(serving: Serving, word: str) -> None:
    killed = serving.child(word)
    secret = serving.owner.secret if serving.owner else ""
    workers = descendants(killed)
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not [pid for pid in (killed, *workers) if alive(pid)])
    wait_until(
        lambda: [pid for pid, words in children(serving.process.pid).items() if word in words]
    )
    wait_until(lambda: serving.owner and serving.tracker_answers())
    assert serving.child(word) != killed
    assert "was started again" in serving.text()
    assert serving.owner is not None
    assert serving.owner.secret == secret  # the printed address stays true
    assert run("site", "list", "--store", serving.store).returncode == 0


def test_the_children_of_a_killed_supervisor_end_too(serving: Serving) -> None:
    below = descendants(serving.process.pid)
    assert len(below) >= 2
    serving.process.kill()
    serving.process.wait()
    wait_until(lambda: not [pid for pid in below if alive(pid)])
    # And the directory is free for the next one.
    assert run("site", "list", "--store", serving.store).returncode == 0
