"""Every text exists in every language, and no catalogue has a text that nobody uses."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from darksocial.cli import catalogues
from darksocial.texts import LANGUAGES, best
from darksocial.texts.language import ENGLISH, catalogue

OTHERS = [code for code in LANGUAGES if code != ENGLISH]
VALUE = re.compile(r"%\((\w+)\)s")


def messages(code: str) -> Iterator[Message]:
    return (message for message in catalogue(code) if message.id)


def forms(text: object) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (str(text or ""),)


def test_german_is_there() -> None:
    assert "de" in OTHERS


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_the_texts_that_are_used_and_no_others(code: str) -> None:
    used = {message.id for message in catalogues.texts() if message.id}
    assert len(used) > 100
    assert {message.id for message in messages(code)} == used


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_with_all_its_values(code: str) -> None:
    for message in messages(code):
        values = [set(VALUE.findall(form)) for form in forms(message.id)]
        for form in forms(message.string):
            assert form.strip(), message.id
            assert set(VALUE.findall(form)) in values, message.id


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_is_as_the_tool_writes_it(code: str) -> None:
    from importlib.resources import files

    text = (files("darksocial.texts") / f"{code}.po").read_bytes()
    assert catalogues.written(catalogue(code)) == text


@pytest.mark.parametrize(
    ("asked", "code"),
    [(["de-AT", "en"], "de"), (["fr", "de"], "de"), (["fr"], "en"), ([], "en"), (["EN-us"], "en")],
)
def test_the_first_language_of_ours_is_taken(asked: list[str], code: str) -> None:
    assert best(asked) == code
