"""What a command cannot do is one sentence with the way out, on one store with one site."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from engines import fresh

from darksocial import registry
from darksocial.cli.main import main
from darksocial.store import open_embedded


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[str]:
    with open_embedded(url := fresh(tmp_path_factory.mktemp("store"), template)) as opened:
        with opened.session() as session:
            registry.add_site(session, "example.com")
        yield url


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text("this is no line of a log\n")
    return path


ERRORS = [
    (("import", "log", "LOG", "--site", "nobody.example"), "`darksocial site add nobody.example`"),
    (("report", "overview", "--site", "nobody.example"), "`darksocial site add nobody.example`"),
    (("reclassify", "--site", "nobody.example"), "`darksocial site add nobody.example`"),
    (("link", "list", "--site", "nobody.example"), "`darksocial site add nobody.example`"),
    (("link", "add", "https://nobody.example/"), "`darksocial site add nobody.example`"),
    (("site", "remove", "nobody.example"), "`darksocial site add nobody.example`"),
    (("link", "add", "https://nobody.example/"), "is on no site of yours"),
    (("link", "add", "https://ann@example.com/"), "has a user name in front of its host"),
    (("link", "add", "https://example.com:99999/"), "has a port that does not exist"),
    (("site", "add", "no host"), "'no host' is no host name"),
    (("site", "add", "co.uk"), "'co.uk' is an ending that sites of many owners share"),
    (("site", "add", "b.example", "--timezone", "Mars/Base"), "'Mars/Base' is no time zone"),
    (("link", "add", "example.com/a"), "no http or https address"),
    (("import", "log", "/no/such/file", "--site", "example.com"), "/no/such/file"),
    (("import", "log", "LOG", "--site", "example.com", "--log-format", "%q"), "%h"),
    (("import", "log", "LOG", "--site", "example.com", "--source", "a b"), "'a b'"),
    (("import", "undo", "0-0", "--site", "example.com"), "'0-0'"),
    (
        ("report", "pages", "--site", "example.com", "--from", "2026-02-02", "--to", "2026-02-01"),
        "ends on 2026-02-01, before it begins on 2026-02-02",
    ),
    (("serve", "--tracker-port", "high"), "--tracker-port"),
]


@pytest.mark.parametrize(("words", "part"), ERRORS, ids=lambda value: "-".join(value)[:50])
def test_what_cannot_be_done_is_one_sentence(
    store: str, log: Path, words: tuple[str, ...], part: str
) -> None:
    words = tuple(str(log) if word == "LOG" else word for word in words)
    result = CliRunner().invoke(main, list(words), env={"DARKSOCIAL_STORE": store})
    assert (result.exit_code, result.stdout) == (1, "")
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("Error: ")
    assert part in sentence
