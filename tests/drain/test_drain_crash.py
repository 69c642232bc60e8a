"""A drain that is killed at any step: run again, nothing is lost and nothing counts twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from engines import ClickHouseServer
from literal import hit, published, records, seal, token

from darksocial import registry, reports
from darksocial.drain import drain_once
from darksocial.model import Site
from darksocial.spool.record import encode
from darksocial.store import open_store

# What the child does before it drains: at the named step it dies as by `kill -9`.
CHILD = """
import os, signal, sys
from pathlib import Path
from darksocial import drain, enrichment, reclassification
from darksocial.drain import batch
from darksocial.store import open_store

url, home, step = sys.argv[1:]

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*args, **kwargs):
        function(*args, **kwargs)
        die()
    return run

statement = batch.statement
def before(name):
    return lambda asked: die() if asked == name else statement(asked)

if step == "before the rows":
    enrichment.move = die
elif step == "after the rows":
    enrichment.move = after(enrichment.move)
elif step == "after the first marks":
    reclassification.touch = after(reclassification.touch)
elif step == "before the segment's name":
    batch.statement = before("drain/record")
elif step == "before the file goes":
    Path.unlink = die
elif step == "before the day is noted":
    stated = reclassification.statement
    reclassification.statement = lambda name: (
        die() if name == "reclassify/day" else stated(name)
    )
store = open_store(url)
home = Path(home)
drain.drain_once(store, home / "spool", home / "rejects")
reclassification.publish_dirty(store)
"""
STEPS = (
    "before the rows",
    "after the rows",
    "after the first marks",
    "before the segment's name",
    "before the file goes",
    "before the day is noted",
)


def spooled(home: Path, site: Site) -> None:
    """Two segments: a shared link and who opened it, a refused line, and refusals."""
    shared = token(site)
    rows = [
        hit("10:00", "ann"),
        hit("10:01", "ann", "/a", kind="share", token=shared, method="copy"),
        hit("10:10", "bob", f"/a?ds={shared}"),
        hit("10:11", "bob", "/b", page="/a"),
        hit("11:00", "ann", f"/a?ds={shared}"),
        hit("10:30", "", "/a", user_agent="WhatsApp/2.23.20.0 A"),
        hit("10:31", "", "/a", user_agent="Googlebot/2.1"),
    ]
    lines = [encode(record) for record in records(site, rows)]
    refusal = {
        "refused": "dnt",
        "site": site.name,
        "n": 3,
        "recorded": records(site, rows)[0]["ts"],
    }
    seal(home / "spool", [*lines[:4], encode(refusal), b"torn"])
    seal(home / "spool", [*lines[4:], encode(refusal), encode(refusal)])


@pytest.fixture(scope="module", params=["chdb", pytest.param("server", marks=pytest.mark.server)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "chdb":
        return f"chdb://{tmp_path_factory.mktemp('crash')}"
    server: ClickHouseServer = request.getfixturevalue("clickhouse_server")
    return server.url("crash")


@pytest.fixture(scope="module")
def outcome(url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What the store holds of each step's site after a kill at that step and a second run."""
    homes = {step: tmp_path_factory.mktemp("home") for step in STEPS}
    with open_store(url) as store, store.session() as session:
        sites = {
            step: registry.add_site(session, f"crash-{place}.example")
            for place, step in enumerate(STEPS)
        }
    for step, home in homes.items():
        spooled(home, sites[step])
        child = subprocess.run([sys.executable, "-c", CHILD, url, str(home), step], timeout=120)
        assert child.returncode == -9, step
    with open_store(url) as store:
        found = {}
        for step, home in homes.items():
            while drain_once(store, home / "spool", home / "rejects").segments:
                pass
            visits = published(store, sites[step], "channel, evidence, pages")
            with store.session() as session:
                found[step] = _found(session, sites[step], home) | {"visits": visits}
        with store.session() as session:
            stages = "SELECT name FROM system.tables WHERE name LIKE 'visits_stage%'"
            found["stages"] = session.query(stages)["name"].to_pylist()
    return found


def _found(session: Any, site: Site, home: Path) -> dict[str, Any]:
    ids = session.query("SELECT DISTINCT id FROM hits WHERE site = %(site)s", site=site.name)
    overview = reports.run(session, "overview", site).summary
    pages = reports.run(session, "pages", site)
    rejects = [path.read_text().splitlines() for path in (home / "rejects").iterdir()]
    return {
        "ids": ids["id"].to_pylist(),
        "refusals": overview["refusals"],
        "days": {name: overview[name] for name in ("page_views", "shares", "previews", "bots")},
        "shares": sum(row["shares"] for row in pages.rows),
        "rejects": [json.loads(line)["reason"] for lines in rejects for line in lines],
        "spool": list((home / "spool").iterdir()),
    }


@pytest.mark.parametrize("step", STEPS)
def test_killed(outcome: dict[str, dict[str, Any]], step: str) -> None:
    found = outcome[step]
    assert len(found.pop("ids")) == 7
    assert found == {
        "visits": [
            ("direct", "model", 1),
            ("dark_social", "token", 2),
            ("direct", "own_share", 1),
        ],
        "refusals": [{"reason": "dnt", "n": 9}],
        "days": {"page_views": 4, "shares": 1, "previews": 1, "bots": 1},
        "shares": 1,
        "rejects": ["torn or foreign line"],
        "spool": [],
    }
