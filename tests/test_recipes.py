"""The recipes of docs/owner.md for nginx, in a real nginx; Varnish's expressions, one by one."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from waiting import wait_until

TEXT = (Path(__file__).parent.parent / "docs" / "owner.md").read_text(encoding="utf-8")
CONFIGURATION = """
daemon off; {user} pid {home}/pid; error_log {home}/errors;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c;
    uwsgi_temp_path {home}/d; scgi_temp_path {home}/e;
    proxy_cache_path {home}/cache keys_zone=pages:1m;
    {maps}
    server {{
        listen 127.0.0.1:{port};
        {timing}
        {proxy}
        location / {{
            {key}
            proxy_cache pages;
            proxy_cache_valid 200 1h;
            {timing}
            add_header X-Cache $upstream_cache_status;
            proxy_pass http://127.0.0.1:8080/site/;
        }}
    }}
}}
"""


def recipes(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


class Behind(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_GET(self) -> None:
        told = f"{self.path} {self.headers['Cookie']} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def behind() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory, behind: int) -> Iterator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    home = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    proxy, cache, timing = recipes("nginx")
    (cache_map, key), (timing_map, header) = _halves(cache), _halves(timing)
    # The workers of an nginx that root starts would give up the right to its directory.
    user = "user root;" if os.geteuid() == 0 else ""
    text = CONFIGURATION.format(
        user=user,
        home=home,
        port=port,
        maps=cache_map + timing_map,
        key=key,
        timing=header,
        proxy=proxy,
    )
    (home / "nginx.conf").write_text(text.replace("127.0.0.1:8080", f"127.0.0.1:{behind}"))
    process = subprocess.Popen([program, "-p", str(home), "-c", str(home / "nginx.conf")])
    origin = f"http://127.0.0.1:{port}"
    _wait(port, process, home / "errors")
    yield origin
    process.terminate()
    process.wait(20)


def _halves(recipe: str) -> tuple[str, str]:
    """Return a recipe's map, and what stands after it."""
    head, tail = recipe.split("\n}\n", 1)
    return f"{head}\n}}\n", tail


def _wait(port: int, process: subprocess.Popen[bytes], errors: Path) -> None:
    def answers() -> bool:
        assert process.poll() is None, errors.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(answers)


def get(url: str, **headers: str) -> tuple[Message, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(url, headers=named), timeout=10) as answer:
        return answer.headers, answer.read().decode()


def test_the_tracker_under_a_path_of_the_site(nginx: str) -> None:
    _, told = get(f"{nginx}/stats/c?a=b", Cookie="session=1", X_Forwarded_For="203.0.113.9")
    assert told == "/c?a=b None 127.0.0.1"


QUERIES = [
    # stored before, asked then, from the cache
    ("", "?ds=x", True),
    ("?a=1", "?ds=x&a=1", True),
    ("?a=1", "?a=1&ds=x", True),
    ("?a=1&b=2", "?a=1&ds=x&b=2", True),
    ("?ds=y", "", True),
    ("?a=1", "?a=2&ds=x", False),
    ("?ads=1", "?ads=2", False),
    ("?a=1", "?a=1&ads=1", False),
]


@pytest.mark.parametrize(("place", "case"), list(enumerate(QUERIES)))
def test_the_cache_key_without_ds(nginx: str, place: int, case: tuple[str, str, bool]) -> None:
    stored, asked, expected = case
    page = f"{nginx}/page-{place}"
    assert get(page + stored)[0]["X-Cache"] == "MISS"
    assert (get(page + asked)[0]["X-Cache"] == "HIT") is expected


@pytest.mark.parametrize(
    ("sent", "told"),
    [("none", "none"), ("cross-site", "cross-site"), ('x",evil', ""), ("", "")],
)
def test_sec_fetch_site_is_handed_over(nginx: str, sent: str, told: str) -> None:
    headers, _ = get(f"{nginx}/timing", Sec_Fetch_Site=sent)
    assert headers["Server-Timing"] == f'sec-fetch-site;desc="{told}"'


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/a?ds=x", "/a"),
        ("/a?ds=x&b=1", "/a?b=1"),
        ("/a?b=1&ds=x", "/a?b=1"),
        ("/a?b=1&ds=x&c=2", "/a?b=1&c=2"),
        ("/a?ads=1&b=ds=2", "/a?ads=1&b=ds=2"),
        ("/a", "/a"),
    ],
)
def test_varnish_s_expressions(url: str, expected: str) -> None:
    (recipe,) = recipes("vcl")
    steps = re.findall(r'(regsub|regsuball)\(req\.url, "(.*?)", "(.*?)"\)', recipe)
    assert len(steps) == 4
    for function, pattern, replacement in steps:
        url = re.sub(pattern, replacement, url, count=0 if function == "regsuball" else 1)
    assert url == expected
