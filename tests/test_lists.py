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
        ('page,label\n/a,"x\n/b,y\n', [(3, {"page": "/b", "label": "y"})], [2]),
        ('page,label\n"/a,x\n/b,"y, z"\n/c,"w\n', [(3, {"page": "/b", "label": "y, z"})], [2, 4]),
        ('page,label\n/a,"x\ny"\n/b,z\n', [(4, {"page": "/b", "label": "z"})], [2]),
        (f"page,label\n/{'a' * 200_000},x\n/b,y\n", [(3, {"page": "/b", "label": "y"})], [2]),
        ("page,label\n\n/b,y\n", [(3, {"page": "/b", "label": "y"})], []),
        ("page\tlabel\n/a\tx, y\n", [(2, {"page": "/a", "label": "x, y"})], []),
        ("page,\t\tlabel\n/a,\t\tx\n", [(2, {"page": "/a", "label": "x"})], []),
        ("page\t\n/a\t\n\t\n/b\n", [(2, {"page": "/a"}), (4, {"page": "/b"})], []),
        ("\n \npage\tlabel\n/a\tx\n", [(4, {"page": "/a", "label": "x"})], []),
        ("\npage;label\n/a;x\n", [(3, {"page": "/a", "label": "x"})], []),
        ("\n,\npage,label\n/b,y\n", [(4, {"page": "/b", "label": "y"})], []),
        ("sep=;\npage;label\n/a;x, y\n", [(3, {"page": "/a", "label": "x, y"})], []),
        ('"SEP=,";\npage,label\n/a,x;y\n', [(3, {"page": "/a", "label": "x;y"})], []),
        ("sep=\t\npage\tlabel\n/a\tx,\n", [(3, {"page": "/a", "label": "x,"})], []),
        (
            "page,label\r/a,x\r/b,y",
            [(2, {"page": "/a", "label": "x"}), (3, {"page": "/b", "label": "y"})],
            [],
        ),
        ("page,label\n/a,x\x1b[2J\n/b,y\n", [(3, {"page": "/b", "label": "y"})], [2]),
    ],
    ids=[
        "one column",
        "semicolons",
        "quoted",
        "short",
        "too wide",
        "open quote",
        "open quotes before and after a quoted value",
        "value of two lines",
        "long",
        "empty",
        "tabs",
        "tabs behind commas",
        "tabs behind one column",
        "tabs after empty lines",
        "semicolons after an empty line",
        "heading after empty lines",
        "semicolons that are named",
        "commas that are named by an odd spreadsheet",
        "tabs that are named",
        "lines that end as on old Macs",
        "control character",
    ],
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
        ("page,label,label\n/a,x,y\n", "has the column `label` more than once"),
        ("x" * 200_000, "has no column `page`"),
    ],
)
def test_a_list_that_cannot_be_used(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text, 2)


def test_what_is_no_text_is_named_by_its_line() -> None:
    for form in ("utf-8-sig", "utf-8", "utf-16"):
        assert lists.decoded("page\nä\n".encode(form)) == "page\nä\n"
    with pytest.raises(InputError, match=r"no text in UTF-8"):
        lists.decoded("page\nä\n".encode("utf-16") + b"x")
    with pytest.raises(InputError, match=r"no text in UTF-8 \(line 2\)"):
        lists.decoded(b"page\n\xff\n")


@pytest.mark.parametrize(
    "text", ["20261102", "2026-13-40", "2026-W05-3", "0001-01-01", "1969-12-31", "2149-06-07"]
)
def test_a_day_that_cannot_be_stored_is_refused(text: str) -> None:
    assert lists.day("day", "2149-06-06").year == 2149
    with pytest.raises(InputError, match=f"The column day has '{text}': give a day"):
        lists.day("day", text)


@pytest.mark.parametrize(
    "text", ["-1", "1.000", "=1+1", "١٢", "0" * 25 + "1" + "0" * 9, "9" * 5000]
)
def test_a_number_that_is_none_or_too_large_is_refused(text: str) -> None:
    assert lists.whole("likes", "0" * 30 + "7", 10) == 7
    with pytest.raises(InputError, match="The column likes has '"):
        lists.whole("likes", text, 10**6)
