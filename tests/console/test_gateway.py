"""The store for other processes: sessions that begin, answer, fail with a sentence, and end."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from darksocial.console import gateway
from darksocial.errors import StoreError, StoreUnavailable
from darksocial.store import Owner, Store
from darksocial.store.remote import RemoteSession, RemoteStore

SESSIONS = "/store/sessions"
SECRET = "the-secret-of-the-lock-file"
HOST = "127.0.0.1:18081"


@pytest.fixture
def path(client: FlaskClient) -> Iterator[str]:
    """The path of an open session."""
    path = f"{SESSIONS}/{client.post(SESSIONS).text}"
    yield path
    client.delete(path)


def rows(content: bytes) -> list[dict[str, Any]]:
    with pa.ipc.open_stream(content) as reader:
        found: list[dict[str, Any]] = reader.read_all().to_pylist()
    return found


def stream(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    with pa.ipc.new_stream(buffer, table.schema) as writer:
        writer.write_table(table)
    return buffer.getvalue()


def test_a_session_keeps_its_temporary_tables_until_it_ends(client: FlaskClient, path: str) -> None:
    table = pa.table({"text": ["a", "b"], "n": pa.array([1, 2], pa.uint64())})
    create = "CREATE TEMPORARY TABLE mine (n UInt64, text String)"
    assert client.post(f"{path}/execute", data=create).status_code == 200
    assert client.post(f"{path}/insert?table=mine", data=stream(table)).status_code == 200
    answer = client.post(f"{path}/query", data="SELECT text, n FROM mine ORDER BY n")
    assert rows(answer.data) == [{"text": "a", "n": 1}, {"text": "b", "n": 2}]

    other = f"{SESSIONS}/{client.post(SESSIONS).text}"
    assert client.post(f"{other}/query", data="SELECT * FROM mine").status_code == 400
    assert client.delete(other).status_code == 200
    ended = client.post(f"{other}/query", data="SELECT 1")
    assert ended.status_code == 503
    assert ended.json == {"error": "This session has ended: begin again.", "unavailable": True}


def test_ending_a_session_twice_is_no_trouble(client: FlaskClient, path: str) -> None:
    assert [client.delete(path).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {SECRET}", f"bearer {SECRET}"]
)
@pytest.mark.parametrize(
    ("method", "action"),
    [
        ("POST", ""),
        ("POST", "/x/query"),
        ("POST", "/x/execute"),
        ("POST", "/x/insert?table=hits"),
        ("DELETE", "/x"),
    ],
)
def test_without_the_secret_nothing_is_answered(
    stranger: FlaskClient, method: str, action: str, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    assert stranger.open(SESSIONS + action, method=method, headers=headers).status_code == 403


def test_the_name_of_a_table_is_a_name(client: FlaskClient, path: str) -> None:
    table = stream(pa.table({"n": pa.array([1], pa.uint64())}))
    answer = client.post(f"{path}/insert?table=hits%20VALUES%20(1)", data=table)
    assert answer.status_code == 400
    assert answer.json["error"] == "'hits VALUES (1)' is no name for a table or column."


def test_idle_sessions_end_by_themselves(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "IDLE_SECONDS", 0.0)
    fresh = f"{SESSIONS}/{client.post(SESSIONS).text}"
    assert client.post(f"{path}/query", data="SELECT 1").status_code == 503
    assert client.post(f"{fresh}/query", data="SELECT 1").status_code == 200
    client.delete(fresh)


def test_there_are_not_more_sessions_than_the_engine_can_bear(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST_SESSIONS", 1)
    refused = client.post(SESSIONS)
    assert refused.status_code == 503
    assert refused.json["error"] == "Too many sessions are open: close some, or try later."


def test_the_longest_idle_session_makes_room(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients that were killed never end their sessions, and others need not wait for that."""
    second = f"{SESSIONS}/{client.post(SESSIONS).text}"
    client.post(f"{path}/query", data="SELECT 1")
    monkeypatch.setattr(gateway, "MOST_SESSIONS", 2)
    monkeypatch.setattr(gateway, "LEAST_IDLE_SECONDS", 0.0)
    third = client.post(SESSIONS)
    assert third.status_code == 200
    names = (second, path, f"{SESSIONS}/{third.text}")
    found = [client.post(f"{name}/query", data="SELECT 1").status_code for name in names]
    assert found == [503, 200, 200]
    client.delete(names[2])


def test_what_is_no_arrow_stream_is_one_sentence(client: FlaskClient, path: str) -> None:
    answer = client.post(f"{path}/insert?table=hits", data=b"garbage")
    assert answer.status_code == 400
    assert answer.json["error"] == "These are no rows: send an Arrow stream."


@pytest.fixture(scope="module")
def address(console: Flask) -> Iterator[str]:
    """The console behind a real socket, as other processes reach it."""

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        environ["HTTP_HOST"] = HOST
        return console(environ, start_response)

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def remote(address: str, secret: str = SECRET) -> RemoteStore:
    return RemoteStore("chdb:///somewhere", Owner(os.getpid(), "test", address, secret))


def test_an_error_comes_back_as_the_sentence_it_was(address: str, embedded_store: Store) -> None:
    statement = "SELECT nonsense FROM nowhere"
    with embedded_store.session() as session, pytest.raises(StoreError) as here:
        session.query(statement)
    with remote(address).session() as session, pytest.raises(StoreError) as there:
        session.query(statement)
    assert str(there.value) == str(here.value)
    assert type(there.value) is StoreError


def test_a_wrong_secret_is_an_error_that_says_so(address: str) -> None:
    with pytest.raises(StoreError, match="status 403"):
        remote(address, "wrong").session()


def test_a_session_that_has_ended_is_an_unavailable_store(
    address: str, client: FlaskClient
) -> None:
    with remote(address).session() as session:
        assert session.query("SELECT 1 AS n").to_pylist() == [{"n": 1}]
        client.delete(session._path)
        with pytest.raises(StoreUnavailable, match="begin again"):
            session.query("SELECT 1 AS n")


def test_a_closed_session_says_so(address: str, embedded_store: Store) -> None:
    for store in (embedded_store, remote(address)):
        session = store.session()
        session.close()
        with pytest.raises(StoreError, match="This session is closed"):
            session.query("SELECT 1")


@pytest.mark.parametrize("sql", ["", "SET max_threads = 1"])
def test_a_query_without_rows_is_one_sentence(
    address: str, embedded_store: Store, sql: str
) -> None:
    for store in (embedded_store, remote(address)):
        with store.session() as session, pytest.raises(StoreError, match="returns no rows"):
            session.query(sql)


def test_a_console_that_is_gone_is_named(address: str) -> None:
    server = make_server("127.0.0.1", 0, lambda environ, start_response: [])
    port = server.server_port
    server.server_close()
    with pytest.raises(StoreUnavailable, match=f"127.0.0.1:{port} does not answer"):
        RemoteSession(Owner(1, "test", f"http://127.0.0.1:{port}", SECRET))
