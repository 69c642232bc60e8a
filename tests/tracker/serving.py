"""Starts the tracker as a process of its own, and talks to it over sockets."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from waiting import wait_until

from darksocial.spool import record, segment

ROOT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running tracker: `python -m tracker_server` in a process group of its own."""

    def __init__(self, home: Path, port: int = 0, wrapper: str = "", **settings: object) -> None:
        self.home = home
        self.port = port or free_port()
        self.host = str(settings.get("tracker_host", "127.0.0.1"))
        values = {"home": home, "tracker_port": self.port, **settings}
        environment = {f"DARKSOCIAL_{name.upper()}": str(value) for name, value in values.items()}
        command = [sys.executable, "-m", "tracker_server"]
        if wrapper:
            command = ["sh", "-c", f'{wrapper}; exec "$@"', "sh", *command]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait(self) -> Server:
        """Wait until the tracker answers."""
        wait_until(lambda: self.process.poll() is not None or self.status("/healthz"))
        assert self.process.poll() is None, self.output()
        return self

    def status(self, path: str) -> int:
        """Return the status of a GET request, or 0 where nobody answers."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, request: bytes) -> bytes:
        """Send raw bytes over a connection of their own and return all that comes back.

        The request has to end its connection, by a header or by being nonsense.
        """
        answer = b""
        with self.connect() as connection, suppress(ConnectionError):
            connection.sendall(request)
            while part := connection.recv(65536):
                answer += part
        return answer

    def children(self) -> list[int]:
        """Return the ids of the processes that the main process started."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def workers(self) -> list[int]:
        """Return the process ids of the workers that are alive."""
        return [
            pid
            for pid in self.children()
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def stop(self, number: int = signal.SIGTERM, group: bool = False) -> None:
        """End the tracker with a signal; fail where it does not follow."""
        if group:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait(STOP_SECONDS)

    def output(self) -> str:
        assert self.process.stdout
        return self.process.stdout.read().decode()

    def close(self) -> None:
        if self.process.poll() is None:
            self.stop()
        assert self.process.stdout
        self.process.stdout.close()


def spool_lines(home: Path) -> list[bytes]:
    """Return all lines of a spool in use, those of open segments included, oldest first."""
    while True:
        try:
            paths = sorted((home / "spool").glob("*-*"))
            return [line for path in paths for line in path.read_bytes().splitlines()]
        except FileNotFoundError:
            # A segment was sealed between the listing and the reading.
            continue


def hits_on_disk(home: Path) -> list[dict[str, Any]]:
    """Return the hits of the sealed segments, after adopting what dead workers left."""
    found = []
    for path in segment.sealed(home / "spool"):
        for line in path.read_bytes().splitlines(keepends=True):
            hit = record.decode(line)
            if hit and "refused" not in hit:
                found.append(hit)
    return found


class Load:
    """Threads that post events, each with an id of its own, and note which were acknowledged."""

    def __init__(self, port: int, threads: int = 4) -> None:
        self.acknowledged: set[int] = set()
        self.unanswered: set[int] = set()
        self._port = port
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(threads)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, number: int) -> None:
        """Wait until that many more events were acknowledged."""
        wanted = len(self.acknowledged) + number
        wait_until(lambda: len(self.acknowledged) >= wanted)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        while not self._stop.is_set():
            with self._lock:
                number = next(self._ids)
            event = {"i": str(number), "t": "pageview", "u": "https://example.com/"}
            try:
                connection.request("POST", "/c", json.dumps({"k": "KEY", "e": [event]}))
                answer = connection.getresponse()
                answer.read()
                taken = answer.status == 204 and not answer.getheader("X-Darksocial-Refused")
            except (OSError, http.client.HTTPException):
                connection.close()
                taken = False
            (self.acknowledged if taken else self.unanswered).add(number)
        connection.close()
