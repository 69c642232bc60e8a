"""`darksocial check` and `darksocial snippet` as a user types them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from darksocial.cli.main import main
from tracker_server import snippet

PAGE = '<!doctype html><title>x</title><script defer src="/ds.js" data-site="KEY"></script>'


@pytest.fixture
def served() -> Iterator[str]:
    """An origin that serves the real snippet on `/`, and answers events as the tracker does."""
    posts: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            built = snippet.load(self.path[1:])
            body = built.body if built else PAGE.encode()
            self.send_response(200)
            self.send_header("Content-Type", built.kind if built else "text/html")
            self.send_header("Content-Length", str(len(body)))
            if self.path == "/refusing":
                self.send_header("Content-Security-Policy", "script-src 'none'")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            posts.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.send_header("X-Darksocial-Refused", "bad-kind")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
    # Whoever checks, nothing that could be recorded is sent.
    assert not any(b'"t"' in post for post in posts)


def darksocial(*words: str, store: str = "") -> Result:
    return CliRunner().invoke(main, list(words), env={"DARKSOCIAL_STORE": store})


def test_a_good_page_ends_with_0_and_one_line_a_finding(served: str) -> None:
    result = darksocial("check", served, "--allow-private", "--key", "KEY")
    assert result.exit_code == 0, result.output
    for line in result.stdout.splitlines():
        assert re.match(r"(ok|note|warning) +[a-z-]+: ", line), line


def test_an_error_ends_with_1(served: str) -> None:
    result = darksocial("check", served, "--allow-private", "--key", "OTHER")
    assert result.exit_code == 1
    assert "error   key: " in result.stdout
    assert "Traceback" not in result.output


def test_the_findings_as_json(served: str) -> None:
    result = darksocial("check", served, "--allow-private", "--format", "json")
    told = json.loads(result.stdout)
    assert told["url"] == served
    assert set(told["findings"][0]) == {"level", "check", "text", "advice"}


def test_private_addresses_only_on_request(served: str) -> None:
    result = darksocial("check", served)
    assert result.exit_code == 1
    assert "add --allow-private" in result.stdout


@pytest.fixture
def chromium() -> None:
    pytest.importorskip("playwright", reason="Playwright is not installed: pip install playwright")
    if not shutil.which("chromium"):
        pytest.skip("Chromium is not installed: apt-get install chromium")


BROWSER = [
    # path, exit code, what it says
    ("", 0, "ok      browser: The page sent pageview."),
    ("refusing", 1, "Content Security Policy"),
    ("refusing", 1, "error   browser: http://127.0.0.1"),
]


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(("path", "code", "words"), BROWSER)
def test_a_real_browser(served: str, path: str, code: int, words: str) -> None:
    """In a process of its own: Playwright can be started once in one, and other tests may have."""
    command = [sys.executable, "-c", "from darksocial.cli import run; run()"]
    options = ["check", served + path, "--allow-private", "--browser"]
    result = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)
    told = [line for line in result.stdout.splitlines() if "browser:" in line]
    assert any(words in line for line in told), result.stdout + result.stderr
    assert result.returncode == code


def test_the_tag_of_a_site(tmp_path: Path) -> None:
    store = f"chdb://{tmp_path}"
    added = darksocial(
        "site", "add", "example.com", "--tracker-url", "https://t.example", store=store
    )
    words = ("snippet", "--site", "example.com", "--tracker-url", "https://t.example")
    assert darksocial(*words, store=store).stdout == added.stdout
    pinned = darksocial(*words, "--pinned", store=store).stdout
    name, integrity = snippet.integrity()
    assert f'src="https://t.example/{name}" integrity="{integrity}" crossorigin' in pinned
    refused = darksocial("snippet", "--site", "nobody.example", store=store)
    assert refused.exit_code == 1
    assert "darksocial site add" in refused.stderr
