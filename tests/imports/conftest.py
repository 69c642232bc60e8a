"""Fixtures for imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from access_log import Importer

from darksocial.store import Store


@pytest.fixture
def importer(embedded_store: Store, tmp_path: Path) -> Importer:
    return Importer(embedded_store, tmp_path)


@pytest.fixture
def importer_everywhere(store: Store, tmp_path: Path) -> Importer:
    """An importer on every engine."""
    return Importer(store, tmp_path)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let chunks have some hundred bytes, so that a few lines are many chunks."""

    def set_size(size: int) -> None:
        monkeypatch.setattr("darksocial.imports.reading.CHUNK_BYTES", size)

    return set_size
