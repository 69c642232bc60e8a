"""Share tokens and link codes.

A share token is `hashids` under the site's public key over two numbers:

    first  = hour << 4 | method        hour: hours since 1970 (UTC), method: index into METHODS
    second = random << 10 | check      random: 32 bits, check: 10 bits of FNV-1a

The check bits exist because hashids alone accepts 1 to 2 % of mistyped tokens.
The snippet carries an encoder of its own; `tests/vectors/tokens.json` keeps both equal.
"""

from __future__ import annotations

from functools import lru_cache

import hashids
from hashids import Hashids

from darksocial.errors import TokenError
from darksocial.model import METHODS, TokenParts

MAX_LENGTH = 32
RANDOM_BITS = 32
CHECK_BITS = 10
LIFETIME_HOURS = 396 * 24  # 13 months, the longest that CNIL's criteria allow an identifier
CLOCK_SKEW_HOURS = 24  # browsers' clocks are wrong by up to a day often enough
CODE_LENGTH = 6

# hashids shuffles its alphabet four times a token, while the result depends on the salt and the
# token's first letter alone: remembered, a token is read four times as fast.
hashids._reorder = lru_cache(maxsize=65_536)(hashids._reorder)


@lru_cache(maxsize=256)
def _hashids(salt: str, min_length: int = 0) -> Hashids:
    return Hashids(salt=salt, min_length=min_length)


def check_bits(key: str, first: int, random: int) -> int:
    """Return the 10 check bits: 32-bit FNV-1a over `key:first:random`, folded."""
    hash_ = 0x811C9DC5
    for char in f"{key}:{first}:{random}":
        hash_ = ((hash_ ^ ord(char)) * 0x01000193) & 0xFFFFFFFF
    return (hash_ ^ hash_ >> 10 ^ hash_ >> 20) & 0x3FF


def encode(parts: TokenParts, key: str) -> str:
    """Return the token of `parts` for the site with this public key."""
    first = parts.hour << 4 | METHODS.index(parts.method)
    second = parts.random << CHECK_BITS | check_bits(key, first, parts.random)
    return str(_hashids(key).encode(first, second))


def decode(token: str, key: str, now_hour: int | None = None) -> TokenParts:
    """Return what a token says, or raise `TokenError` with the reason.

    `now_hour` (hours since 1970) adds the checks of age: a token lives 13 months.
    """
    if len(token) > MAX_LENGTH:
        raise TokenError(
            f"The token {token[:MAX_LENGTH]!r}… has {len(token)} characters, "
            f"more than the {MAX_LENGTH} that a token can have: it is refused.",
            "too_long",
        )
    # A token is ASCII letters and digits; hashids would read other digits as numbers.
    readable = token.isascii() and token.isalnum()
    numbers: tuple[int, ...] = _hashids(key).decode(token) if readable else ()
    if len(numbers) != 2 or numbers[0] & 15 >= len(METHODS):
        raise TokenError(
            f"The token {token!r} is mistyped or was minted for another site: it is refused.",
            "malformed",
        )
    first, second = numbers
    parts = TokenParts(METHODS[first & 15], first >> 4, second >> CHECK_BITS)
    if parts.random >> RANDOM_BITS or check_bits(key, first, parts.random) != second & 0x3FF:
        raise TokenError(
            f"The check bits of the token {token!r} do not fit: it is mistyped or was minted "
            "for another site, and is refused.",
            "foreign",
        )
    if now_hour is not None:
        _check_age(token, parts.hour, now_hour)
    return parts


def _check_age(token: str, hour: int, now_hour: int) -> None:
    if hour > now_hour + CLOCK_SKEW_HOURS:
        raise TokenError(f"The token {token!r} was minted in the future: it is refused.", "future")
    if hour < now_hour - LIFETIME_HOURS:
        raise TokenError(f"The token {token!r} is older than 13 months: it has expired.", "expired")


def link_code(number: int, secret: str) -> str:
    """Return the code of the link with this number; codes cannot be enumerated without `secret`."""
    return str(_hashids(secret, CODE_LENGTH).encode(number))
