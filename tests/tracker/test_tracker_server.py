"""The tracker as it runs: granian, several worker processes, real sockets and signals."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from serving import Load, Server, hits_on_disk, spool_lines
from waiting import wait_until

from darksocial import settings
from darksocial.errors import SettingError
from darksocial.model import Link, Site
from darksocial.spool import record, snapshot
from tracker_server.server import free_address, warn_of_spool

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

SITE = Site("example.com", "KEY", ("example.com",))
LINK = Link("abc", "example.com", "https://example.com/")
BATCH = json.dumps(
    {"k": "KEY", "e": [{"i": "7", "t": "pageview", "u": "https://example.com/"}]}
).encode()

Start = Callable[..., Server]


def prepare(home: Path) -> Path:
    snapshot.write(home / "snapshot.json", [SITE], [LINK])
    return home


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return a function that starts a tracker on a home of its own."""
    with ExitStack() as stack:

        def run(**settings: object) -> Server:
            server = Server(prepare(tmp_path), **settings)
            stack.callback(server.close)
            return server.wait()

        yield run


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A tracker for the tests that only ask, behind a proxy that it trusts."""
    home = prepare(tmp_path_factory.mktemp("tracker"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DARKSOCIAL_")}
    with pytest.MonkeyPatch.context() as patch:
        for name in set(os.environ) - set(environment):
            patch.delenv(name)
        running = Server(home, tracker_workers=1, trusted_proxies="127.0.0.1")
    yield running.wait()
    running.close()


def hits_of(server: Server) -> list[dict[str, Any]]:
    """Return the hits in all segments, open ones included, of a tracker that goes on running."""
    lines = map(record.decode, spool_lines(server.home))
    return [line for line in lines if line and "refused" not in line]


def new_hits(server: Server, sent: bytes) -> tuple[bytes, list[dict[str, Any]]]:
    """Return the answer to a request, and the hits that it left."""
    known = {hit["id"] for hit in hits_of(server)}
    answer = server.ask(sent)
    return answer, [hit for hit in hits_of(server) if hit["id"] not in known]


def request(method: bytes, path: bytes, *headers: bytes) -> bytes:
    first = b"%b %b HTTP/1.1" % (method, path)
    return b"\r\n".join((first, b"Host: x", b"Connection: close", *headers, b"", b""))


def get(path: bytes, *headers: bytes) -> bytes:
    return request(b"GET", path, *headers)


def post(body: bytes, *headers: bytes, length: int | None = None) -> bytes:
    stated = b"Content-Length: %d" % (len(body) if length is None else length)
    return request(b"POST", b"/c", stated, *headers) + body


@pytest.mark.parametrize(
    ("sent", "status", "hits"),
    [
        (get(b"/r/abc"), 302, 1),
        (get(b"/r/abc?x=%ff"), 302, 1),
        (get(b"/r/abc?x=\xff"), 400, 0),
        (get(b"/r/%ff%fe"), 404, 0),
        (get(b"/r/abc%00"), 404, 0),
        (get(b"/%c3%a4%ff"), 404, 0),
        (get(b"/r/abc\xff"), 400, 0),
        (get(b"/r/" + b"x" * 30_000), 404, 0),
        (get(b"/r/abc", b"User-Agent: caf\xc3\xa9 \xff"), 302, 1),
        (get(b"/r/abc", b"User-Agent: " + b"x" * 100_000), 302, 1),
        (get(b"/r/abc", b"User-Agent: " + b"x" * 1_000_000), 431, 0),
        (get(b"/r/abc", b"DNT: 1"), 302, 0),
        (get(b"/r/abc", b"Sec-GPC: 1"), 302, 0),
        (get(b"/p.gif?k=KEY&u=https://example.com/"), 200, 1),
        (get(b"/healthz"), 200, 0),
        (get(b"/robots.txt"), 200, 0),
        (get(b"/"), 404, 0),
        (post(b""), 204, 0),
        (post(b"\xff\xfe"), 204, 0),
        (post(b"x" * 65_537), 413, 0),
        (post(b"", length=10**12), 413, 0),
        (post(b"", length=-1), 400, 0),
        (request(b"POST", b"/c"), 411, 0),
        (request(b"POST", b"/c", b"Transfer-Encoding: chunked") + b"1\r\nx\r\n0\r\n\r\n", 411, 0),
        (request(b"OPTIONS", b"/c"), 204, 0),
        (request(b"BREW", b"/r/abc"), 405, 0),
        (b"\x00\xff\x16\x03\x01 nonsense\r\n\r\n", 400, 0),
    ],
)
def test_what_strangers_send(server: Server, sent: bytes, status: int, hits: int) -> None:
    answer, found = new_hits(server, sent)
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]
    assert len(found) == hits
    assert server.status("/r/abc") == 302


def test_an_event_in_one_piece_and_in_many(server: Server) -> None:
    def batch(number: int) -> bytes:
        return BATCH.replace(b'"7"', b'"%d"' % number)

    answer, found = new_hits(server, post(batch(101)))
    assert b"x-darksocial-refused" not in answer
    assert [hit["id"] for hit in found] == [101]
    sent = post(batch(102))
    with server.connect() as connection:
        for piece in (sent[:30], sent[30:-40], sent[-40:-1], sent[-1:]):
            connection.sendall(piece)
            time.sleep(0.02)
        assert connection.recv(1000).startswith(b"HTTP/1.1 204 ")
    # It was the same event: on disk it is the same hit.
    assert new_hits(server, post(batch(102)))[1] == []


@pytest.mark.parametrize(
    ("headers", "network"),
    [
        ((b"X-Forwarded-For: 198.51.100.1",), "198.51.0.0/16"),
        ((b"X-Forwarded-For: 6.6.6.6", b"X-Forwarded-For: 198.51.100.1"), "198.51.0.0/16"),
        ((b"X-Forwarded-For: 198.51.100.1", b"X_Forwarded_For: 6.6.6.6"), "198.51.0.0/16"),
        ((b"X_Forwarded_For: 6.6.6.6", b"X-Forwarded-For: 198.51.100.1"), "198.51.0.0/16"),
        ((b"X_Forwarded_For: 6.6.6.6",), "127.0.0.0/16"),
        ((b"Forwarded: for=6.6.6.6", b"X-Real-IP: 6.6.6.6"), "127.0.0.0/16"),
    ],
)
def test_only_the_proxy_names_the_client(
    server: Server, headers: tuple[bytes, ...], network: str
) -> None:
    body = BATCH.replace(b'"7"', b'"%d"' % time.time_ns())
    for sent in (get(b"/r/abc", *headers), post(body, b"Content-Type: text/plain", *headers)):
        _, found = new_hits(server, sent)
        assert [hit["network"] for hit in found] == [network]


def test_bodies_that_never_end_hold_up_nobody(server: Server) -> None:
    with ExitStack() as stack:
        stalled = [stack.enter_context(server.connect()) for _ in range(60)]
        for connection in stalled:
            connection.sendall(post(b"{", length=1000))
        assert server.status("/r/abc") == 302
        assert server.ask(post(BATCH)).startswith(b"HTTP/1.1 204 ")


def test_a_body_that_ends_early_is_no_hit(server: Server) -> None:
    before = hits_of(server)
    with server.connect() as connection:
        connection.sendall(post(BATCH.replace(b'"7"', b'"77"'), length=len(BATCH) + 9))
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1000):
            pass
    assert hits_of(server) == before


def test_silent_connections_hold_up_nobody(server: Server) -> None:
    with ExitStack() as stack:
        silent = [stack.enter_context(server.connect()) for _ in range(200)]
        for connection in silent[:100]:
            connection.sendall(b"GET /r/abc HTTP/1.1\r\nHo")
        assert server.status("/r/abc") == 302


def test_nothing_writes_an_address(server: Server) -> None:
    server.ask(get(b"/r/abc", b"X-Forwarded-For: 198.51.100.77"))
    server.ask(post(b"{", b"X-Forwarded-For: 198.51.100.77"))
    server.ask(b"nonsense\r\n\r\n")
    for path in server.home.rglob("*"):
        if path.is_file():
            assert b"198.51.100" not in path.read_bytes()


@pytest.mark.parametrize("group", [False, True], ids=["SIGTERM", "Ctrl-C"])
def test_a_clean_stop_keeps_every_hit(start: Start, group: bool) -> None:
    server = start(tracker_workers=2)
    wait_until(lambda: len(server.workers()) == 2)
    with Load(server.port) as load, server.connect() as idle:
        idle.sendall(b"GET /r/abc HTTP/1.1\r\nHost: x\r\nDNT: 1\r\n\r\n")
        assert idle.recv(1000)
        load.wait_for(200)
        server.stop(signal.SIGINT if group else signal.SIGTERM, group=group)
    assert (server.process.returncode, server.output()) == (0, "")
    found = [hit["id"] for hit in hits_on_disk(server.home)]
    assert load.acknowledged <= set(found)
    assert len(found) == len(set(found))


def test_ctrl_c_while_workers_start_is_as_quiet(tmp_path: Path) -> None:
    server = Server(prepare(tmp_path), tracker_workers=2)
    wait_until(lambda: len(server.workers()) == 2)
    server.stop(signal.SIGINT, group=True)
    said = server.output()
    server.close()
    assert (server.process.returncode, said) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_there_are_workers_is_as_quiet(tmp_path: Path, number: int) -> None:
    server = Server(prepare(tmp_path))
    wait_until(lambda: server.children())  # the helper of multiprocessing is the first
    server.stop(number)
    said = server.output()
    server.close()
    assert (server.process.returncode, said) == (0, "")


def test_a_stop_waits_for_no_unfinished_request(start: Start) -> None:
    server = start(tracker_workers=2)
    server.ask(get(b"/r/abc"))
    with server.connect() as body, server.connect() as head:
        body.sendall(post(b"{", length=1000))
        head.sendall(b"GET /r/abc HTTP/1.1\r\nHo")
        server.stop()
    assert (server.process.returncode, server.output()) == (0, "")
    assert len(hits_on_disk(server.home)) == 1


def test_clients_that_go_away_leave_no_trace_in_the_log(start: Start) -> None:
    server = start(tracker_workers=1)
    for sent in (post(b"{", length=1000), get(b"/r/abc"), b"GET /r/abc HTTP/1.1\r\nHo", b""):
        with server.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(sent)
    assert server.status("/healthz") == 200
    server.stop()
    assert (server.process.returncode, server.output()) == (0, "")


def test_a_clean_stop_seals_segments_and_writes_counters(start: Start) -> None:
    server = start(tracker_workers=2)
    for _ in range(10):
        server.ask(get(b"/r/abc"))
        server.ask(get(b"/r/abc", b"DNT: 1"))
    server.stop()
    spool = list((server.home / "spool").iterdir())
    assert {path.suffix for path in spool} == {".sealed"}
    lines = [record.decode(line) or {} for p in spool for line in p.read_bytes().splitlines()]
    assert sum(line.get("n", 0) for line in lines if line.get("refused") == "do-not-track") == 10
    assert len([line for line in lines if "refused" not in line]) == 10


def test_a_killed_worker_loses_nothing_that_was_acknowledged(start: Start) -> None:
    server = start(tracker_workers=2)
    with Load(server.port) as load:
        load.wait_for(200)
        victim = server.workers()[0]
        os.kill(victim, signal.SIGKILL)
        load.wait_for(200)
        wait_until(lambda: len(set(server.workers()) - {victim}) == 2)
        load.wait_for(200)
        server.stop()
    found = [hit["id"] for hit in hits_on_disk(server.home)]
    assert load.acknowledged <= set(found)
    assert set(found) <= load.acknowledged | load.unanswered
    assert len(found) == len(set(found))


def test_workers_die_with_a_killed_main_process(start: Start) -> None:
    server = start(tracker_workers=2)
    wait_until(lambda: len(server.workers()) == 2)
    workers = server.workers()
    with Load(server.port) as load:
        load.wait_for(200)
        server.stop(signal.SIGKILL)
    wait_until(lambda: not any(is_running(worker) for worker in workers))
    assert load.acknowledged <= {hit["id"] for hit in hits_on_disk(server.home)}
    again = start(port=server.port, tracker_workers=1)
    assert again.status("/r/abc") == 302


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_taken_port_is_one_clear_sentence(start: Start, tmp_path: Path) -> None:
    server = start(tracker_workers=1)
    second = Server(tmp_path / "second", port=server.port)
    assert second.process.wait(20) == 1
    (line,) = second.output().splitlines()
    assert line.startswith(f"Error: The tracker cannot listen on 127.0.0.1 port {server.port}")
    assert "--tracker-port" in line
    second.close()


@pytest.mark.parametrize(
    ("host", "port", "named"),
    [
        ("192.0.2.1", 4711, "cannot listen on 192.0.2.1 port 4711"),
        ("127.0.0.1", 0, "--tracker-port"),
    ],
)
def test_an_address_that_nobody_can_listen_on(host: str, port: int, named: str) -> None:
    with pytest.raises(SettingError, match=named):
        free_address(host, port)


def test_a_host_may_have_a_name(start: Start) -> None:
    server = start(tracker_workers=1, tracker_host="localhost")
    assert server.status("/r/abc") == 302


def test_a_disk_that_fills_up_acknowledges_nothing_that_it_loses(start: Start) -> None:
    # Files may have 8 KiB: what is written beyond fails in the middle of a record.
    server = start(tracker_workers=1, wrapper="ulimit -f 16")
    refused = set()
    with Load(server.port, threads=2) as load:
        wait_until(lambda: load.unanswered)
        refused |= load.unanswered
        load.wait_for(50)
        server.stop()
    found = [hit["id"] for hit in hits_on_disk(server.home)]
    assert load.acknowledged <= set(found)
    assert not refused & set(found)
    for path in (server.home / "spool").glob("*.sealed"):
        assert all(record.decode(line) for line in path.read_bytes().splitlines())


def test_redirects_of_several_workers_have_different_ids(start: Start) -> None:
    server = start(tracker_workers=2)
    for _ in range(300):
        assert server.status("/r/abc") == 302
    server.stop()
    found = hits_on_disk(server.home)
    assert len(found) == len({hit["id"] for hit in found}) == 300
    # Both workers share the salt of the day.
    assert len({hit["visitor"] for hit in found}) == 1


def test_a_spool_that_takes_nothing_is_said_at_the_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings.load({"home": str(tmp_path)}, {})
    warn_of_spool(chosen)
    assert capsys.readouterr().err == ""
    chosen.spool.rmdir()
    chosen.spool.write_text("a file is no directory")
    warn_of_spool(chosen)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"Warning: The spool {chosen.spool} does not take records")
