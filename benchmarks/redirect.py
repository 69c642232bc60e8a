"""Recorded redirects a second, beside nginx and beside a bare WSGI answer under granian.

`python benchmarks/redirect.py [SECONDS]` needs nginx and wrk. One worker each, one after the
other in every round, the same requests: 1,000 links, with a browser's agent and a referrer.
nginx writes its access log, the tracker writes its spool. The limits: 0.60 of the bare answer
and 0.30 of nginx.

Afterwards a counted number of requests checks that the records on disk are the answers.
"""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import alternate, machine, median_of, table

from darksocial import settings
from darksocial.model import Link, Site
from darksocial.spool import record, segment, snapshot

ROOT = Path(__file__).resolve().parent.parent
LINKS = 1000
CONNECTIONS = 64
COUNTED = 20_000
START_SECONDS = 20
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36"
)
REFERRER = "https://news.example.org/"

NGINX = """daemon off;
worker_processes 1;
pid {home}/pid;
error_log {home}/errors;
events {{ worker_connections 1024; }}
http {{
    access_log {home}/access.log combined;
    keepalive_requests 100000000;
    server {{
        listen 127.0.0.1:{port};
        location / {{ return 302 https://example.com/page?ds=abc; }}
    }}
}}
"""

REQUESTS = """local requests, n = {{}}, 0
init = function()
  wrk.headers["User-Agent"] = "{agent}"
  wrk.headers["Referer"] = "{referrer}"
  for i = 1, {links} do
    requests[i] = wrk.format("GET", string.format("/r/code%04d", i - 1))
  end
end
request = function()
  n = n % {links} + 1
  return requests[n]
end
"""

BARE = """import sys
from granian import Granian
from granian.constants import HTTPModes, Interfaces

HEADERS = [
    ("Location", "https://example.com/page?ds=abc"),
    ("Cache-Control", "no-store"),
    ("Content-Length", "0"),
]


def application(environ, start_response):
    start_response("302 Found", HEADERS)
    return [b""]


if __name__ == "__main__":
    # One thread: with more of them granian answers a third less.
    Granian(
        "bare:application", port=int(sys.argv[1]), interface=Interfaces.WSGI, log_enabled=False,
        http=HTTPModes.http1, websockets=False, workers=1, blocking_threads=1,
    ).serve()
"""


def main(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        home = Path(folder)
        script = home / "requests.lua"
        script.write_text(REQUESTS.format(agent=AGENT, referrer=REFERRER, links=LINKS))
        ports = {
            "nginx": stack.enter_context(nginx(home / "nginx")),
            "bare WSGI": stack.enter_context(bare(home / "bare")),
            "tracker": stack.enter_context(tracker(home / "tracker")),
        }
        rates = alternate(
            {name: lambda port=port: load(script, port, seconds) for name, port in ports.items()}
        )
        print(report({name: median_of(values) for name, values in rates.items()}))
        check(home / "tracker", ports["tracker"])
    print(machine("granian", "flask"))


def report(rates: dict[str, float]) -> str:
    """Return the table of requests a second and what part of them the tracker reaches."""
    rows = [
        (name, f"{rate:,.0f}", f"{rates['tracker'] / rate:.2f}") for name, rate in rates.items()
    ]
    return table(("server, one worker", "redirects/s", "the tracker reaches"), rows)


def load(script: Path, port: int, seconds: int) -> float:
    """Return requests a second, as wrk measures them."""
    done = subprocess.run(
        [
            "wrk",
            "-t1",
            f"-c{CONNECTIONS}",
            f"-d{seconds}",
            f"-s{script}",
            f"http://127.0.0.1:{port}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    if not found or "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"wrk met errors:\n{done.stdout}{done.stderr}")
    return float(found[1])


def check(home: Path, port: int) -> None:
    """Compare the records of a counted number of requests with their answers, by id."""
    before = {hit["id"] for hit in clicks(home)}
    with ThreadPoolExecutor(4) as pool:
        answers = sum(pool.map(lambda _: redirects(port, COUNTED // 4), range(4)))
    after = [hit["id"] for hit in clicks(home)]
    added = len(set(after) - before)
    print(f"{len(after):,} records, {len(set(after)):,} different ids in all")
    print(f"{answers:,} redirects counted, {added:,} records of them on disk")
    if not answers == added == COUNTED or len(after) != len(set(after)):
        raise SystemExit("The records on disk are not the redirects that were answered.")


def clicks(home: Path) -> Iterator[dict[str, object]]:
    """Yield the clicks on disk, after all segments were sealed."""
    while any((home / "spool").glob(f"*{segment.OPEN}")):
        time.sleep(0.1)
    for path in sorted((home / "spool").glob(f"*{segment.SEALED}")):
        for line in path.read_bytes().splitlines():
            found = record.decode(line)
            if found is None:
                raise SystemExit(f"A line of {path} cannot be read: {line!r}")
            if found.get("kind") == "click":
                yield found


def redirects(port: int, number: int) -> int:
    """Send requests over one connection and return how many were answered with 302."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    found = 0
    for index in range(number):
        connection.request("GET", f"/r/code{index % LINKS:04d}", headers={"User-Agent": AGENT})
        response = connection.getresponse()
        response.read()
        found += response.status == 302
    connection.close()
    return found


@contextmanager
def nginx(home: Path) -> Iterator[int]:
    home.mkdir()
    port = free_port()
    config = home / "nginx.conf"
    config.write_text(NGINX.format(home=home, port=port))
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin") or "nginx"
    with running([program, "-p", str(home), "-c", str(config)], port):
        yield port


@contextmanager
def bare(home: Path) -> Iterator[int]:
    home.mkdir()
    port = free_port()
    (home / "bare.py").write_text(BARE)
    with running([sys.executable, "bare.py", str(port)], port, cwd=home):
        yield port


@contextmanager
def tracker(home: Path) -> Iterator[int]:
    home.mkdir()
    port = free_port()
    site = Site("example.com", "KEY", ("example.com",))
    links = (
        Link(f"code{number:04d}", "example.com", f"https://example.com/page/{number}?x=1")
        for number in range(LINKS)
    )
    snapshot.write(home / "snapshot.json", [site], links)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(settings.PREFIX)},
        "DARKSOCIAL_HOME": str(home),
        "DARKSOCIAL_TRACKER_PORT": str(port),
        "DARKSOCIAL_TRACKER_WORKERS": "1",
    }
    command = [sys.executable, "-m", "tracker_server"]
    with running(command, port, cwd=ROOT, environment=environment):
        yield port
    if any((home / "spool").glob(f"*{segment.OPEN}")):
        raise SystemExit("The tracker left an open segment when it stopped.")


@contextmanager
def running(
    command: list[str],
    port: int,
    cwd: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the block ends, and wait until it answers."""
    process = subprocess.Popen(command, cwd=cwd, env=environment)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[0]} did not start.")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        connection.request("GET", "/r/code0000")
        return connection.getresponse().status == 302
    except (OSError, http.client.HTTPException):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
