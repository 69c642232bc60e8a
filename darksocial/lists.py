"""Lists that people bring as CSV: separated by commas or semicolons, with named columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from darksocial.errors import InputError


def rows(
    text: str, columns: Sequence[str], needed: Sequence[str], longest: int
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line's number (the heading is line 1) and its values without blanks around.

    Raises `InputError` where the heading lacks a needed column or has one that is none of
    `columns`, and after `longest` lines.
    """
    lines = text.lstrip("\ufeff")
    head = lines.partition("\n")[0]
    mark = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(lines), delimiter=mark)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    for name in needed:
        if name not in names:
            raise InputError(
                f"The list has no column `{name}`: its first line has to name columns of "
                f"{', '.join(columns)}."
            )
    if unknown := [name for name in names if name not in columns]:
        raise InputError(f"The list has a column {unknown[0]!r}: known are {', '.join(columns)}.")
    reader.fieldnames = names
    for count, row in enumerate(reader):
        if count == longest:
            raise InputError(f"The list has more than {longest:,} lines: cut it in two.")
        yield reader.line_num, {name: (value or "").strip() for name, value in row.items() if name}
