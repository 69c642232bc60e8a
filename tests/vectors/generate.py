"""Write `tokens.json`: tokens as the server makes them, for the snippet to make the same.

    python tests/vectors/generate.py

The file follows from the seed alone. Each row is [method, hour, random, token], where the
method is its position in `METHODS`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from darksocial.model import METHODS, TokenParts
from darksocial.rules.tokens import encode

FILE = Path(__file__).with_name("tokens.json")
SEED = 20141021
ROWS_PER_KEY = 560

# As `site add` makes them, and as an owner's own idea of a key could be: the length of 43 is
# where hashids' salt meets the alphabet.
KEYS = (
    "Zq3vT8kLmW0x",
    "example.com",
    "k",
    "00",
    'key with blanks, <tags> & "quotes" \\ 100 %',
    "~!@#$^*()_+-=[]{}|;:'/?",
    "A" * 43,
    "B" * 44,
    "cfhistuCFHISTU-abdegjklmnopqrvwxyzABDEGJKLMNOPQRVWXYZ1234567890",
)
HOURS = (0, 1, 99, 390_000, 499_499, 499_500, 876_581, 2**24 - 1)
RANDOMS = (0, 1, 1023, 2**22 - 1, 2**22, 2**31 - 1, 2**31, 2**32 - 1)


Row = tuple[int, int, int, str]


def parts(generator: random.Random) -> Iterator[TokenParts]:
    """Yield the edges: each method, hour and random number; then random ones."""
    for number, method in enumerate(METHODS):
        for hour in HOURS[number % 2 :: 2]:
            for value in RANDOMS:
                yield TokenParts(method, hour, value)
    while True:
        hour = generator.randrange(2**20)
        yield TokenParts(generator.choice(METHODS), hour, generator.getrandbits(32))


def vectors() -> dict[str, list[Row]]:
    """Return the rows of each key."""
    generator = random.Random(SEED)
    found: dict[str, list[Row]] = {}
    for key in KEYS:
        rows = islice(parts(generator), ROWS_PER_KEY)
        found[key] = [
            (METHODS.index(row.method), row.hour, row.random, encode(row, key)) for row in rows
        ]
    return found


def text() -> str:
    """Return the file's content: one row a line, so that a difference can be read."""
    keys = []
    for key, rows in vectors().items():
        lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
        keys.append(f"{json.dumps(key)}: [\n{lines}\n]")
    methods = json.dumps(METHODS)
    return f'{{"methods": {methods},\n"keys": {{\n' + ",\n".join(keys) + "\n}}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="ascii")
    print(f"{FILE.name}: {FILE.stat().st_size} bytes")
