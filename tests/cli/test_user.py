"""`darksocial user`: accounts and keys from the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from darksocial import accounts, registry
from darksocial.accounts import passwords
from darksocial.cli.main import main
from darksocial.store import Store, open_embedded

Command = Callable[..., Result]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    with open_embedded(f"chdb://{tmp_path / 'store'}") as store:
        yield store


@pytest.fixture
def user(store: Store) -> Command:
    def run(*words: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, ["user", *words, "--store", store.url], input=stdin)

    return run


def test_accounts_are_added_listed_changed_and_removed(user: Command, store: Store) -> None:
    password = user("add", "ann", "--role", "owner").stdout.strip()
    assert user("add", "bob", "--password-stdin", stdin="correct horse battery\n").stdout == ""
    assert user("list").stdout == "ann  owner\nbob  reader\n"
    assert user("role", "bob", "analyst").exit_code == 0
    with store.session() as session:
        assert accounts.verified(session, "ann", password)
        found = accounts.verified(session, "bob", "correct horse battery")
        assert found is not None
        assert found.role == "analyst"
    again = user("password", "bob").stdout.strip()
    with store.session() as session:
        assert accounts.verified(session, "bob", again)
    assert user("remove", "bob").exit_code == 0
    assert user("list").stdout == "ann  owner\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "a b"), "is no name for an account"),
        (("remove", "nobody"), "There is no account 'nobody'"),
        (("password", "nobody"), "There is no account 'nobody'"),
        (("key", "remove", "nothing"), "There is no API key 'nothing'"),
        (("key", "add", "--site", "nowhere.example"), "is not known"),
    ],
)
def test_errors_are_one_sentence(user: Command, words: tuple[str, ...], said: str) -> None:
    result = user(*words)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_keys_are_added_listed_and_removed(user: Command, store: Store) -> None:
    with store.session() as session:
        registry.add_site(session, "a.example")
    text = user("key", "add", "--role", "analyst", "--label", "Grafana", "--site", "a.example")
    id_ = text.stdout.split("_")[1]
    assert user("key", "list").stdout == f"{id_}  analyst  a.example  Grafana\n"
    with store.session() as session:
        assert accounts.account_of_key(session, text.stdout.strip())
    assert user("key", "remove", id_).exit_code == 0
    assert user("key", "list").stdout == ""


def test_what_is_done_here_is_written_down(user: Command, store: Store) -> None:
    user("add", "ann")
    user("key", "add")
    with store.session() as session:
        done = {(entry["actor"], entry["action"]) for entry in accounts.entries(session)}
    assert done == {("command line", "add"), ("command line", "add_key")}
