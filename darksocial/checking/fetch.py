"""A small HTTP client for strangers' servers: limits on size, time, redirects and addresses."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from darksocial.errors import DarksocialError, Said
from darksocial.rules.urls import own_host
from darksocial.version import VERSION

MAX_BYTES = 2 * 1024 * 1024
MAX_HOPS = 10
MAX_URL = 8192
SECONDS = 10.0

_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": f"Mozilla/5.0 (compatible; darksocial-check/{VERSION})",
    "Accept": "text/html,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}
_TROUBLE = (OSError, http.client.HTTPException, ValueError)


class FetchError(DarksocialError):
    """Something could not be fetched; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `url` is the last address, `hops` are those that redirected to it."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    hops: tuple[str, ...] = ()

    def all(self, name: str) -> list[str]:
        """Return the values of every header of that name (in lower case)."""
        return [value for key, value in self.headers if key == name]

    def header(self, name: str) -> str:
        """Return a header's values as one text, empty where there is none."""
        return ", ".join(self.all(name))

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches within limits. Private addresses are refused unless `allow_private`.

    Where `hosts` are given, no other is asked, whatever a page or a redirect names; entries are
    those of a site (`rules.urls.own_host`), on the web's own ports or exactly as they stand there.
    """

    allow_private: bool = False
    seconds: float = SECONDS
    max_bytes: int = MAX_BYTES
    hosts: tuple[str, ...] = ()
    _tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Follow redirects and return the last answer, or raise `FetchError`."""
        hops: list[str] = []
        while True:
            answer = self.ask("GET", url, headers=headers)
            location = answer.header("location")
            if answer.status not in _REDIRECTS or not location:
                return Answer(url, answer.status, answer.headers, answer.body, tuple(hops))
            hops.append(url)
            if len(hops) > MAX_HOPS:
                raise FetchError(
                    Said("%(url)s redirects more than %(n)s times.", url=hops[0], n=MAX_HOPS)
                )
            url = _joined(url, location)

    def ask(
        self, method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request, follow nothing, and return the answer, or raise `FetchError`."""
        try:
            return self._ask(method, url, body, {**_HEADERS, **(headers or {})})
        except ssl.SSLCertVerificationError as error:
            raise FetchError(
                Said(
                    "%(url)s has no certificate that browsers trust: %(why)s.",
                    url=_host(url),
                    why=error.verify_message,
                )
            ) from error
        except TimeoutError as error:
            raise FetchError(
                Said(
                    "%(url)s did not answer within %(seconds)s seconds.",
                    url=url,
                    seconds=f"{self.seconds:g}",
                )
            ) from error
        except _TROUBLE as error:
            raise FetchError(
                Said(
                    "%(url)s cannot be fetched: %(why)s.",
                    url=url,
                    why=str(error) or type(error).__name__,
                )
            ) from error

    def may_ask(self, parts: SplitResult) -> bool:
        """Return whether an address may be asked, by the very name that is connected to."""
        if parts.scheme not in ("http", "https") or not self.hosts:
            return not self.hosts
        name = parts.hostname or ""
        host = f"[{name}]" if ":" in name else name
        usual = parts.port in (None, 80, 443)
        return f"{host}:{parts.port}" in self.hosts or (usual and own_host(host, self.hosts))

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        connection = self._connection(url)
        # A server that sends a byte now and then never times out by itself.
        deadline = _Deadline(self.seconds)
        try:
            connection.connect()
            deadline.socket = connection.sock
            connection.request(method, _target(url), body or None, headers)
            response = connection.getresponse()
            found = tuple((name.lower(), value) for name, value in response.getheaders())
            content = _read(response, self.max_bytes)
            if deadline.passed:
                raise TimeoutError
            return Answer(url, response.status, found, content)
        except _TROUBLE as error:
            if deadline.passed:
                raise TimeoutError from error
            raise
        finally:
            deadline.cancel()
            connection.close()

    def _connection(self, url: str) -> http.client.HTTPConnection:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > MAX_URL:
            raise ValueError("it is no http or https address of a usable length")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if not self.may_ask(parts):
            raise ValueError("its host is none of the site's, and no other is asked from here")
        address = self._address(parts.hostname, port)
        if parts.scheme == "http":
            connection = http.client.HTTPConnection(parts.hostname, port, timeout=self.seconds)
        else:
            connection = http.client.HTTPSConnection(
                parts.hostname, port, timeout=self.seconds, context=self._tls
            )
        # Connect to the address that was judged: a second look-up could give another.
        connection._create_connection = lambda _, *rest: socket.create_connection(  # type: ignore[attr-defined]
            (address, port), *rest
        )
        return connection

    def _address(self, host: str, port: int) -> str:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            address = str(place[0])
            if not self.allow_private and not ipaddress.ip_address(address.split("%")[0]).is_global:
                raise ValueError(f"{host} is at {address}, no public address; add --allow-private")
        return str(found[0][4][0])


class _Deadline:
    """Ends a connection when its time is up, whatever the other side does.

    It holds the socket itself, since a connection lets go of it while an answer is still read.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self.socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self.passed = True
        if self.socket:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        self._timer.cancel()


def _read(response: http.client.HTTPResponse, limit: int) -> bytes:
    body = response.read(limit)
    if response.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            return zlib.decompressobj(wbits=31).decompress(body, limit)
        except zlib.error as error:
            raise ValueError("its gzip encoding is broken") from error
    return body


def _target(url: str) -> str:
    """Return path and query as a request line can carry them."""
    parts = urlsplit(url)
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    return "".join(c if "!" <= c <= "~" else _escaped(c) for c in target)


def _escaped(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))


def _joined(base: str, location: str) -> str:
    try:
        # Header fields come as Latin-1; servers send UTF-8.
        return urljoin(base, location.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError as error:
        raise FetchError(
            Said(
                "%(url)s redirects to no address: %(location)s.",
                url=base,
                location=repr(location[:200]),
            )
        ) from error


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
