"""A new store gets its owner, once."""

from __future__ import annotations

from pathlib import Path

from darksocial import accounts
from darksocial.store import open_embedded


def test_a_new_store_gets_its_owner_and_only_once(tmp_path: Path) -> None:
    with open_embedded(f"chdb://{tmp_path}") as store, store.session() as session:
        password = accounts.first_owner(session)
        assert len(password) >= 20
        found = accounts.verified(session, "owner", password)
        assert found is not None
        assert found.role == "owner"
        assert accounts.first_owner(session) == ""
        accounts.add_account(session, "ann", "owner")
        accounts.remove_account(session, "owner")
        assert accounts.first_owner(session) == ""
