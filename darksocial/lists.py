"""Lists that people bring as CSV: separated by commas or semicolons, with named columns."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from darksocial.errors import InputError, Said

Refused = tuple[int, Said]  # the number of a line, and one sentence
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of the lines of a list: new ones, others under a key that was there, the same
    again; `refused` has the number of the line (the heading is line 1) and one sentence."""

    added: int
    changed: int
    known: int
    refused: tuple[Refused, ...]


def decoded(data: bytes) -> str:
    """Return a list's text, or raise `InputError` where it is none in UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            Said("The list is no text in UTF-8 (line %(line)s): save it as CSV UTF-8.", line=line)
        ) from None


def rows(
    text: str,
    columns: Sequence[str],
    needed: Sequence[str],
    longest: int,
    refused: list[Refused],
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number (the heading is line 1) and its values without blanks around.

    Lines that cannot be taken apart are added to `refused`. Raises `InputError` where the heading
    lacks a needed column or has one that is none of `columns`, and after `longest` lines.
    """
    lines = text.lstrip("\ufeff")
    head = lines.partition("\n")[0]
    mark = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(lines), delimiter=mark)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    for name in needed:
        if name not in names:
            raise InputError(
                Said(
                    "The list has no column `%(name)s`: its first line has to name columns "
                    "of %(known)s.",
                    name=name,
                    known=", ".join(columns),
                )
            )
    if unknown := [name for name in names if name not in columns]:
        raise InputError(
            Said(
                "The list has a column %(unknown)r: known are %(known)s.",
                unknown=unknown[0],
                known=", ".join(columns),
            )
        )
    reader.fieldnames = names
    for count in itertools.count():
        try:
            row: dict[Any, Any] = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            trouble = Said("The line cannot be read: %(error)s.", error=error)
            refused.append((reader.reader.line_num, trouble))
            continue
        if count == longest:
            raise InputError(
                Said(
                    "The list has more than %(longest)s lines: cut it in two.",
                    longest=f"{longest:,}",
                )
            )
        if wrong := _trouble(row):
            refused.append((reader.line_num, wrong))
            continue
        yield reader.line_num, {name: (value or "").strip() for name, value in row.items()}


def _trouble(row: dict[Any, Any]) -> Said | None:
    """Return why a line cannot be taken apart, `None` where it can."""
    if None in row:
        return Said(
            "The line has more values than the heading has columns: put a value that contains the "
            "separator into quotation marks."
        )
    if any("\n" in (value or "").strip() for value in row.values()):
        return Said("A value goes on over the end of its line: close its quotation mark.")
    return None


def day(name: str, text: str) -> date:
    """Return the day in a column, or raise `InputError`."""
    try:
        if len(text) != len("YYYY-MM-DD"):  # newer Pythons know further ways to write a day
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r: give a day as YYYY-MM-DD.", name=name, text=text
            )
        ) from None


def whole(name: str, text: str, most: int) -> int:
    """Return the number of at most `most` in a column, or raise `InputError`."""
    if not (text.isascii() and text.isdecimal()) or int(text[:20]) > most:
        raise InputError(
            Said(
                "The column %(name)s has %(text)r: give a whole number up to %(most)s, without "
                "dots, commas or signs.",
                name=name,
                text=text,
                most=most,
            )
        )
    return int(text)


def read(
    rows: Iterable[tuple[int, Mapping[str, str]]],
    made_of: Callable[[Mapping[str, str]], T],
    refused: list[Refused],
) -> list[T]:
    """Return what is made of each row; those that raise `InputError` are added to `refused`."""
    made = []
    for number, row in rows:
        try:
            made.append(made_of(row))
        except InputError as error:
            refused.append((number, error.args[0]))
    return made


def news(
    read: Iterable[T],
    known: Iterable[T],
    key: Callable[[T], Hashable],
    refused: Iterable[Refused],
) -> tuple[list[T], Entered]:
    """Return what is to be written so that of each key the last counts, and how that came about."""
    there = {key(one): one for one in known}
    fresh: dict[Hashable, T] = {}
    counts = {"added": 0, "changed": 0, "known": 0}
    for one in read:
        before = there.get(key(one))
        counts["known" if before == one else "changed" if before else "added"] += 1
        if before != one:
            there[key(one)] = fresh[key(one)] = one
    return list(fresh.values()), Entered(**counts, refused=tuple(refused))
