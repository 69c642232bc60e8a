"""The files of the snippet that the tracker serves: names, caching, hashes."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from darksocial.errors import InputError
from tracker_server import snippet

HOUR = "public, max-age=3600"
YEAR = "public, max-age=31536000, immutable"
SCRIPT = "text/javascript; charset=utf-8"


@pytest.fixture
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a built snippet's directory, with a file of an earlier version in it."""
    path = tmp_path / "dist"
    path.mkdir()
    names = ("ds.js", "ds.2.1.0.js", "ds.1.0.9.js", "ds.mjs", "ds.js.map", "survey.js", "x.js",
             "more.js", "more.2.1.0.js")  # fmt: skip
    for name in names:
        (path / name).write_text(f"/* {name} */")
    told = {"version": "2.1.0", "integrity": {"ds.2.1.0.js": "sha384-abc"}}
    (path / "sri.json").write_text(json.dumps(told))
    monkeypatch.setattr(snippet, "PLACES", (tmp_path / "none" / "ds.js", path / "ds.js"))
    return path


@pytest.mark.parametrize(
    ("name", "kind", "caching", "source_map"),
    [
        ("ds.js", SCRIPT, HOUR, "ds.js.map"),
        ("ds.2.1.0.js", SCRIPT, YEAR, None),
        ("ds.1.0.9.js", SCRIPT, YEAR, None),
        ("ds.mjs", SCRIPT, HOUR, None),
        ("survey.js", SCRIPT, HOUR, None),
        ("more.js", SCRIPT, HOUR, None),
        ("more.2.1.0.js", SCRIPT, YEAR, None),
        ("ds.js.map", "application/json", HOUR, None),
    ],
)
def test_a_file_and_how_it_is_sent(
    tracker: FlaskClient, dist: Path, name: str, kind: str, caching: str, source_map: str | None
) -> None:
    answer = tracker.get(f"/{name}")
    assert (answer.status_code, answer.text) == (200, f"/* {name} */")
    assert answer.content_type == kind
    assert answer.headers["Cache-Control"] == caching
    assert answer.headers.get("SourceMap") == source_map
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = tracker.get(f"/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, caching)


@pytest.mark.parametrize(
    "path",
    ["/ds.9.9.9.js", "/ds.2.1.js", "/ds..js", "/x.js", "/sri.json", "/ds.2.1.0.js.map", "/DS.JS",
     "/..%2fds.js", "/%2e%2e/x.js", "/ds.%D9%A2.1.0.js"],
)  # fmt: skip
def test_nothing_else_is_served(tracker: FlaskClient, dist: Path, path: str) -> None:
    assert tracker.get(path).status_code == 404


def test_the_hash_of_the_file_that_never_changes(dist: Path) -> None:
    assert snippet.integrity() == ("ds.2.1.0.js", "sha384-abc")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": "9", "integrity": {}}'])
def test_hashes_that_cannot_be_read(dist: Path, text: str) -> None:
    (dist / "sri.json").write_text(text)
    with pytest.raises(InputError, match="npm run build"):
        snippet.integrity()


def test_the_built_snippet_has_the_hash_that_is_printed() -> None:
    name, told = snippet.integrity()
    built = snippet.load(name)
    assert built is not None
    assert told == "sha384-" + base64.b64encode(hashlib.sha384(built.body).digest()).decode()
