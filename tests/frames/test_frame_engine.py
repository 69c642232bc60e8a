"""The engine behind a frame: shared with an open store, with other threads, or its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from frame_rows import hit, visits

from darksocial.store import Store

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


def test_two_threads_do_not_meet() -> None:
    frames = [[hit(n, f"{who}{n}") for n in range(30)] for who in ("a", "b", "c", "d")]
    expected = [visits(rows) for rows in frames]
    found: list[Any] = [None] * len(frames)

    def run(place: int) -> None:
        found[place] = visits(frames[place])

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(frames))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_an_open_embedded_store_is_shared_and_left_alone(embedded_store: Store) -> None:
    with embedded_store.session() as session:
        before = session.query("SELECT name FROM system.tables ORDER BY name").to_pylist()
        assert [row["evidence"] for row in visits([hit(0), hit(1, "bob", token="t1")])] == [
            "model",
            "token",
        ]
        for table in ("hits", "visits", "shares", "days"):
            assert session.query(f"SELECT count() AS n FROM {table}")["n"][0].as_py() == 0
        after = session.query("SELECT name FROM system.tables ORDER BY name").to_pylist()
    assert after == before


def test_without_any_store_an_engine_is_there_for_as_long_as_it_is_needed(tmp_path: Path) -> None:
    """In a process of its own, since this one has an engine open."""
    script = (
        "import pyarrow as pa, darksocial as ds\n"
        "hits = pa.table({'ts': [1729598400], 'url': ['https://a.example/'], 'token': ['t']})\n"
        "print(ds.reclassify(hits).visits['evidence'].to_pylist())\n"
        "with ds.open_store('chdb://%s'):\n"
        "    print(ds.reclassify(hits).visits['evidence'].to_pylist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script % tmp_path], capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("['token']\n['token']\n", "")
