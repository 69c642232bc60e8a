"""Accounts, log-ins, keys and shared reports, on every engine."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta, timezone

import pytest
from argon2 import extract_parameters

from darksocial import accounts
from darksocial.accounts import Account, Share, passwords
from darksocial.errors import InputError, UnknownSite
from darksocial.model import Site
from darksocial.store import Session

NOW = datetime(2026, 11, 2, 9, tzinfo=timezone.utc)
LATER = NOW + timedelta(days=13, hours=23)
TOO_LATE = NOW + timedelta(days=14)
PASSWORD = "correct horse battery"
REAL = passwords._hasher  # before the tests make it cheap
_numbers = itertools.count(1)


@pytest.fixture
def name(session: Session) -> str:
    """An analyst that no other test uses."""
    name = f"ann{next(_numbers)}@example.com"
    accounts.add_account(session, name, "analyst", PASSWORD)
    return name


@pytest.fixture
def owner(session: Session) -> str:
    """Another owner, so that there is one whatever the test does."""
    name = f"owner{next(_numbers)}"
    accounts.add_account(session, name, "owner", PASSWORD)
    return name


def test_an_account_is_verified_by_its_password_alone(session: Session, name: str) -> None:
    assert accounts.verified(session, name, PASSWORD) == Account(name, "analyst")
    for password in ("", PASSWORD + " ", PASSWORD.upper(), "x" * 2000, "\udcff"):
        assert accounts.verified(session, name, password) is None
    assert accounts.verified(session, "nobody", PASSWORD) is None


def test_passwords_are_kept_as_argon2_hashes(session: Session, name: str) -> None:
    rows = session.query("SELECT password FROM accounts WHERE name = %(name)s", name=name)
    (kept,) = set(rows["password"].to_pylist())
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")


def test_without_an_account_the_comparison_costs_as_much_as_with_one() -> None:
    parameters = extract_parameters(passwords.NOBODY)
    assert parameters == extract_parameters(REAL.hash(PASSWORD))
    assert (parameters.memory_cost, parameters.time_cost) == (65536, 3)


def test_a_hash_of_weaker_parameters_is_made_anew(
    session: Session, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=4, memory_cost=1024))
    assert accounts.verified(session, name, PASSWORD)
    kept = session.query(
        "SELECT argMax(password, version) AS p FROM accounts WHERE name = %(name)s", name=name
    )["p"][0].as_py()
    assert "m=1024,t=4" in kept


@pytest.mark.parametrize("password", ["short", "x" * 11, "x" * 1001])
def test_passwords_have_a_length(session: Session, name: str, password: str) -> None:
    with pytest.raises(InputError, match="12 to 1000 characters"):
        accounts.set_password(session, name, password)


@pytest.mark.parametrize("bad", ["", "a b", "a\n", "ä", "<b>", "x" * 101, "=1"])
def test_names_are_plain(session: Session, bad: str) -> None:
    with pytest.raises(InputError, match="is no name for an account"):
        accounts.add_account(session, bad, "reader", PASSWORD)


def test_a_name_is_taken_once(session: Session, name: str) -> None:
    with pytest.raises(InputError, match="already"):
        accounts.add_account(session, name, "reader", PASSWORD)


def test_a_new_password_ends_the_other_log_ins(session: Session, name: str) -> None:
    here, there = accounts.begin(session, name), accounts.begin(session, name)
    new = accounts.set_password(session, name, keep=here)
    assert accounts.account_of(session, here) == name
    assert accounts.account_of(session, there) == ""
    assert accounts.verified(session, name, PASSWORD) is None
    assert accounts.verified(session, name, new)


def test_a_removed_account_is_out_at_once(session: Session, name: str) -> None:
    here = accounts.begin(session, name)
    accounts.remove_account(session, name)
    assert accounts.account_of(session, here) == ""
    assert accounts.verified(session, name, PASSWORD) is None
    assert name not in accounts.accounts(session)


def test_role_and_language_change_on_their_own(session: Session, name: str) -> None:
    accounts.change_account(session, name, role="reader")
    accounts.change_account(session, name, language="de")
    assert accounts.accounts(session)[name] == Account(name, "reader", "de")
    with pytest.raises(InputError, match="'admin' is no role: there are reader, analyst, owner"):
        accounts.change_account(session, name, role="admin")


@pytest.mark.parametrize("change", [accounts.remove_account, accounts.set_password])
def test_an_account_that_is_not_there_is_one_sentence(session: Session, change: object) -> None:
    with pytest.raises(InputError, match="There is no account 'nobody'"):
        change(session, "nobody")  # type: ignore[operator]


def test_the_last_owner_stays(session: Session, owner: str) -> None:
    for other in [one for one in accounts.accounts(session).values() if one.role == "owner"]:
        if other.name != owner:
            accounts.remove_account(session, other.name)
    for change in (
        lambda: accounts.remove_account(session, owner),
        lambda: accounts.change_account(session, owner, role="reader"),
    ):
        with pytest.raises(InputError, match="is the only owner"):
            change()
    assert accounts.accounts(session)[owner].role == "owner"


@pytest.mark.parametrize(
    ("role", "may"),
    [("reader", "reader"), ("analyst", "reader analyst"), ("owner", "reader analyst owner")],
)
def test_roles_hold_each_other(role: str, may: str) -> None:
    asked = Account("x", role)
    assert [other for other in accounts.ROLES if asked.may(other)] == may.split()
    assert asked.sees_visits == (role != "reader")


def test_a_log_in_expires_and_can_be_ended(session: Session, name: str) -> None:
    one, two = accounts.begin(session, name, NOW), accounts.begin(session, name, NOW)
    assert accounts.account_of(session, one, LATER) == name
    assert accounts.account_of(session, one, TOO_LATE) == ""
    accounts.end(session, one)
    assert accounts.account_of(session, one, NOW) == ""
    assert accounts.account_of(session, two, NOW) == name


def test_the_store_knows_log_ins_and_keys_by_their_hashes_alone(
    session: Session, name: str
) -> None:
    secrets = [accounts.begin(session, name), accounts.add_key(session, "reader", "Grafana")]
    for table in ("logins", "api_keys"):
        kept = str(session.query(f"SELECT * FROM {table}").to_pylist())
        assert not any(secret in kept for secret in secrets)


def test_a_key_has_a_role_and_a_site_until_it_is_removed(session: Session, site: Site) -> None:
    text = accounts.add_key(session, "analyst", "Grafana", f"www.{site.name}")
    id_ = text.split("_")[1]
    assert text.startswith("dsk_")
    assert accounts.account_of_key(session, text) == Account(f"key {id_}", "analyst", "", site.name)
    (key,) = [key for key in accounts.keys(session) if key.id == id_]
    assert (key.label, key.role, key.site) == ("Grafana", "analyst", site.name)
    accounts.remove_key(session, id_)
    assert accounts.account_of_key(session, text) is None
    with pytest.raises(InputError, match="There is no API key"):
        accounts.remove_key(session, id_)


@pytest.mark.parametrize("text", ["", "dsk_", "dsk_00000000_x", "other", "dsk_\udcff"])
def test_another_text_is_no_key(session: Session, text: str) -> None:
    assert accounts.account_of_key(session, text) is None


def test_a_key_for_a_site_that_there_is_not_is_refused(session: Session) -> None:
    with pytest.raises(UnknownSite):
        accounts.add_key(session, "reader", "", "nowhere.example")


@pytest.mark.parametrize("label", ["two\nlines", "x" * 1000])
def test_a_key_whose_label_cannot_be_read_is_refused(session: Session, label: str) -> None:
    with pytest.raises(InputError, match="cannot be read in a list"):
        accounts.add_key(session, "reader", label)
    assert label not in [key.label for key in accounts.keys(session)]


def test_a_report_is_shared_until_it_expires_or_is_ended(session: Session, site: Site) -> None:
    wanted = Share("", site.name, "pages", "from=2026-10-01", "ann", 0)
    one, two = accounts.add_share(session, wanted, 7), accounts.add_share(session, wanted, 1)
    found = accounts.share_of(session, one)
    assert found is not None
    assert (found.site, found.report, found.query) == (site.name, "pages", "from=2026-10-01")
    tomorrow = datetime.now(timezone.utc) + timedelta(days=2)
    assert accounts.share_of(session, two, tomorrow) is None
    assert accounts.share_of(session, one, tomorrow)
    accounts.remove_share(session, found.id)
    assert accounts.share_of(session, one) is None
    assert accounts.share_of(session, "") is None
    assert one not in str(session.query("SELECT * FROM report_links").to_pylist())


@pytest.mark.parametrize("days", [0, -1, 367])
def test_nothing_is_shared_for_ever(session: Session, days: int) -> None:
    with pytest.raises(InputError, match="for 1 to 366 days"):
        accounts.add_share(session, Share("", "a.example", "pages", "", "ann", 0), days)


def test_what_was_done_is_written_down(session: Session, name: str) -> None:
    accounts.note(session, name, "remove_key", "1234")
    found = [entry for entry in accounts.entries(session) if entry["actor"] == name]
    assert [(entry["action"], entry["target"]) for entry in found] == [("remove_key", "1234")]


def test_expired_log_ins_are_forgotten(session: Session, name: str) -> None:
    accounts.begin(session, name, NOW - timedelta(days=400))
    kept = accounts.begin(session, name)
    accounts.tidy(session)
    assert accounts.account_of(session, kept) == name
