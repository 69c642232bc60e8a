"""Lists that people bring: what is read of them, and what is said of the rest."""

from __future__ import annotations

import pytest

from darksocial import lists
from darksocial.errors import InputError

COLUMNS = ("page", "label")


def read(text: str, longest: int = 100) -> tuple[list[tuple[int, dict[str, str]]], list[int]]:
    """Return the lines that were read, and the numbers of those that were refused."""
    refused: list[lists.Refused] = []
    found = list(lists.rows(text, COLUMNS, ("page",), longest, refused))
    assert all(sentence.endswith(".") for _, sentence in refused)
    return found, [line for line, _ in refused]


@pytest.mark.parametrize(
    ("text", "found", "refused"),
    [
        ("page\n/a\n", [(2, {"page": "/a"})], []),
        ("\ufeffPage; LABEL\r\n /a ;x\r\n", [(2, {"page": "/a", "label": "x"})], []),
        ('page,label\n/a,"x, y"\n', [(2, {"page": "/a", "label": "x, y"})], []),
        ("page,label\n/a\n", [(2, {"page": "/a", "label": ""})], []),
        ("page,label\n/a,x,y\n/b,z\n", [(3, {"page": "/b", "label": "z"})], [2]),
        ('page,label\n/a,"x\n/b,y\n', [], [3]),
        (f"page,label\n/{'a' * 200_000},x\n/b,y\n", [(3, {"page": "/b", "label": "y"})], [2]),
        ("page,label\n\n/b,y\n", [(3, {"page": "/b", "label": "y"})], []),
    ],
    ids=["one column", "semicolons", "quoted", "short", "too wide", "open quote", "long", "empty"],
)
def test_what_is_sound_is_read_and_the_rest_is_named(
    text: str, found: list[tuple[int, dict[str, str]]], refused: list[int]
) -> None:
    assert read(text) == (found, refused)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no column `page`"),
        ("label\nx\n", "has no column `page`"),
        ("page,colour\nx,y\n", "has a column 'colour'"),
        ("page\n/a\n/b\n/c\n", "has more than 2 lines"),
    ],
)
def test_a_list_that_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text, 2)


def test_what_is_no_text_is_named_by_its_line() -> None:
    assert lists.decoded("\ufeffpage\nä\n".encode()) == "page\nä\n"
    with pytest.raises(InputError, match=r"no text in UTF-8 \(line 2\)"):
        lists.decoded(b"page\n\xff\n")
