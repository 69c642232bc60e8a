"""Passwords that are cheap to compare, since these tests make many."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from darksocial.accounts import passwords


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
