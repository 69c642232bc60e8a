"""The client's address: the peer's, unless a trusted proxy says whose request it passes on.

The header's exact name counts: the bridge to granian never takes `X_Forwarded_For` for it, as
WSGI servers commonly do.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Clients:
    """Names the client of a request.

    Only where the peer is in one of `networks` is X-Forwarded-For read, from the right to the
    first address that is not itself trusted.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(text, strict=False) for text in networks]
        self._known = lru_cache(maxsize=4096)(self._look_up)

    def address(self, environ: Mapping[str, Any]) -> str:
        """Return the client's address, or "" where nobody trusted names it."""
        peer: str = environ.get("REMOTE_ADDR", "")
        if not self._networks:
            return peer
        address, trusted = self._known(peer)
        forwarded = environ.get("HTTP_X_FORWARDED_FOR")
        if not trusted or not forwarded:
            return address
        for entry in reversed(forwarded.split(",")):
            address, trusted = self._known(entry.strip())
            if not trusted:
                break
        return address

    def forget(self) -> None:
        """Drop the addresses of earlier requests from memory."""
        self._known.cache_clear()

    def _look_up(self, text: str) -> tuple[str, bool]:
        address = parse(text)
        if address is None:
            return "", False
        return str(address), any(address in network for network in self._networks)


def parse(text: str) -> Address | None:
    """Return the address in a peer's or proxy's notation: with a port, a zone, brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def refuses(environ: Mapping[str, str]) -> bool:
    """Return whether the browser asks not to be tracked, by DNT or Sec-GPC."""
    # The standard lets more follow the digit.
    wish, control = environ.get("HTTP_DNT"), environ.get("HTTP_SEC_GPC")
    return bool((wish and wish[0] == "1") or (control and control[0] == "1"))
