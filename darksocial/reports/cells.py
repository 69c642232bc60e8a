"""Texts in cells: what a spreadsheet would run as a formula is made a text.

Addresses, referrers and names of campaigns are written by strangers, and a spreadsheet runs a
cell that begins like a formula, some of them also after blanks or in full width. A text that is
a plain number, such as `-5`, stays as it is. Both patterns are read alike by `re` and by Arrow.
"""

from __future__ import annotations

import re
from typing import Any

_BLANK = (
    "\t\n\x0b\x0c\r \x1c-\x1f\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_BEGINS = "=+\\-@\uff1d\uff0b\uff0d\uff20"
FORMULA = f"^([{_BLANK}]*[{_BEGINS}]|[\t\r\n])"
NUMBER = "^[+-]?[0-9]+([.,][0-9]+)*$"
_formula, _number = re.compile(FORMULA), re.compile(NUMBER)


def safe(value: Any) -> Any:
    """Return a value for a cell; a text that could run gets an apostrophe before it."""
    if isinstance(value, str) and _formula.match(value) and not _number.fullmatch(value):
        return f"'{value}"
    return value
