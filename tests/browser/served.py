"""`darksocial serve --demo` as its user starts it: one command, free ports, a new directory."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from waiting import wait_until

from darksocial.settings import PREFIX
from darksocial.store.lock import Owner, read_owner

SITE = "demo.example"
STOP_SECONDS = 40
PAUSE = 0.2  # between two looks: each costs what a look at the console costs
PARTS = ("tracker", "console", "demo")
COMMAND = (sys.executable, "-c", "from darksocial.cli import run; run()")


class Served:
    """The running command; it can be stopped and started again with the same data."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.store = f"chdb://{home}"
        self._ports = dict(zip(PARTS, _free_ports(len(PARTS)), strict=True))
        self._process: subprocess.Popen[str] | None = None
        self._lines: list[str] = []
        self._reader = threading.Thread()

    def start(self) -> None:
        """Start, and wait for what it prints when everything answers."""
        ports = [text for part in PARTS for text in (f"--{part}-port", str(self._ports[part]))]
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--demo", "--store", self.store, "--tracker-workers", "1", *ports],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=_environment(),
        )
        self._lines = []
        self._reader = threading.Thread(target=self._read, args=(self._process,))
        self._reader.start()
        wait_until(lambda: "Ctrl-C stops it." in self.printed or not self.running, pause=PAUSE)
        assert self.running, self.printed

    def stop(self) -> int:
        """Press Ctrl-C; return the exit status."""
        process, self._process = self._process, None
        assert process is not None
        process.send_signal(signal.SIGINT)
        try:
            return process.wait(STOP_SECONDS)
        finally:
            # Its children end with it, however it ends; then nobody holds the pipe any more.
            process.kill()
            process.wait()
            self._reader.join()
            assert process.stdout is not None
            process.stdout.close()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def printed(self) -> str:
        return "".join(self._lines)

    def address(self, part: str) -> str:
        """Return an address as the command printed it."""
        match = re.search(rf"^  {part} +(\S+)$", self.printed, re.MULTILINE)
        assert match, self.printed
        return match[1]

    @property
    def owner(self) -> Owner | None:
        """The private process, where it is up and answers."""
        owner = read_owner(self.home / "lock")
        return owner if owner and owner.address else None

    def figures(self, report: str = "overview", **options: str) -> dict[str, Any]:
        """Return a report from the running console."""
        owner = self.owner
        assert owner is not None
        request = urllib.request.Request(
            f"{owner.address}/api/reports/{report}?{urlencode({'site': SITE, **options})}",
            headers={"Authorization": f"Bearer {owner.secret}"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def settled(self) -> dict[str, Any]:
        """Return the overview when everything that was recorded so far is in it."""
        spool = self.home / "spool"
        wait_until(lambda: not any(spool.iterdir()), pause=PAUSE)
        return command(
            "report", "overview", "--site", SITE, "--format", "json", "--store", self.store
        )

    def demo_answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address("demo"), timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._lines.append(line)


def command(*arguments: str) -> dict[str, Any]:
    """Run another `darksocial` command that prints JSON, and return that."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        env=_environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def visits(figures: dict[str, Any], **wanted: str) -> int:
    """Return how many visits of an overview have these properties."""
    rows: Sequence[dict[str, Any]] = figures["rows"]
    return sum(
        row["visits"] for row in rows if all(row[name] == value for name, value in wanted.items())
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports
