"""The vectors that keep the server's tokens and the snippet's equal."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from darksocial.errors import TokenError
from darksocial.model import METHODS, TokenParts
from darksocial.rules.tokens import decode

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "tokens.json").read_text(encoding="ascii"))


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_vectors", HERE / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generating_again_gives_the_same_file() -> None:
    assert generator().text() == (HERE / "tokens.json").read_text(encoding="ascii")


def test_there_are_thousands_in_a_reasonable_size() -> None:
    assert sum(len(rows) for rows in VECTORS["keys"].values()) > 5000
    assert (HERE / "tokens.json").stat().st_size < 300_000


def test_the_methods_are_those_of_the_model() -> None:
    assert tuple(VECTORS["methods"]) == METHODS


@pytest.mark.parametrize("key", VECTORS["keys"])
def test_each_token_reads_back(key: str) -> None:
    for method, hour, random, token in VECTORS["keys"][key]:
        assert decode(token, key) == TokenParts(METHODS[method], hour, random)


@pytest.mark.parametrize("key", VECTORS["keys"])
def test_no_token_reads_under_another_key(key: str) -> None:
    for _, _, _, token in VECTORS["keys"][key]:
        with pytest.raises(TokenError):
            decode(token, "another " + key)
