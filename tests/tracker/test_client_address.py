"""Whose address a request has: the peer's, unless a trusted proxy names another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracker_server.client import Clients, parse, refuses

PROXIES = ("10.0.0.0/8", "192.0.2.1", "fd00::/8")


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        # Nobody is trusted: nothing but the peer counts.
        ((), "203.0.113.9", None, "203.0.113.9"),
        ((), "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ((), "127.0.0.1", "198.51.100.1", "127.0.0.1"),
        # A stranger's header says nothing.
        (PROXIES, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (PROXIES, "192.0.2.2", "198.51.100.1", "192.0.2.2"),
        # A trusted proxy names the client, whatever the client wrote before.
        (PROXIES, "10.1.2.3", "198.51.100.1", "198.51.100.1"),
        (PROXIES, "192.0.2.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (PROXIES, "10.1.2.3", "6.6.6.6,7.7.7.7 , 198.51.100.1 ", "198.51.100.1"),
        (PROXIES, "10.1.2.3", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        # Through two trusted proxies.
        (PROXIES, "10.1.2.3", "6.6.6.6, 198.51.100.1, 10.4.5.6", "198.51.100.1"),
        (PROXIES, "fd00::1", "198.51.100.1, fd00::2", "198.51.100.1"),
        # A client inside the trusted networks, and a request of the proxy's own.
        (PROXIES, "10.1.2.3", "10.7.7.7, 10.4.5.6", "10.7.7.7"),
        (PROXIES, "10.1.2.3", None, "10.1.2.3"),
        (PROXIES, "10.1.2.3", "", "10.1.2.3"),
        # The proxy names nobody: the client is unknown, not whoever wrote before.
        (PROXIES, "10.1.2.3", "6.6.6.6, unknown", ""),
        (PROXIES, "10.1.2.3", "6.6.6.6,", ""),
        (PROXIES, "10.1.2.3", "6.6.6.6, _hidden", ""),
        # Notations.
        (PROXIES, "::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"),
        (PROXIES, "10.1.2.3", "198.51.100.1:4711", "198.51.100.1"),
        (PROXIES, "10.1.2.3", "[2001:db8::1]:4711", "2001:db8::1"),
        (PROXIES, "10.1.2.3", "2001:DB8:0::1", "2001:db8::1"),
        (PROXIES, "10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
        (("0.0.0.0/0",), "203.0.113.9", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_who_the_client_is(
    trusted: tuple[str, ...], peer: str, forwarded: str | None, client: str
) -> None:
    environ = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    assert Clients(trusted).address(environ) == client


@pytest.mark.parametrize(
    "header",
    ["HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_CLIENT_IP", "HTTP_CF_CONNECTING_IP", "HTTP_VIA"],
)
def test_no_other_header_names_the_client(header: str) -> None:
    environ = {"REMOTE_ADDR": "10.1.2.3", header: "198.51.100.1"}
    assert Clients(PROXIES).address(environ) == "10.1.2.3"


def test_addresses_do_not_stay_in_memory() -> None:
    clients = Clients(PROXIES)
    clients.address({"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "198.51.100.1"})
    assert clients._known.cache_info().currsize == 2
    clients.forget()
    assert clients._known.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("host", None),
        ("192.0.2.256", None),
        ("192.0.2", None),
        ("[", None),
        ("1" * 5000, None),
    ],
)
def test_notations_of_addresses(text: str, address: str | None) -> None:
    found = parse(text)
    assert (found and str(found)) == address


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({}, False),
        ({"HTTP_DNT": "1"}, True),
        ({"HTTP_DNT": "0"}, False),
        ({"HTTP_DNT": ""}, False),
        ({"HTTP_DNT": "null"}, False),
        ({"HTTP_SEC_GPC": "1"}, True),
        ({"HTTP_SEC_GPC": "0"}, False),
        ({"HTTP_DNT": "0", "HTTP_SEC_GPC": "1"}, True),
    ],
)
def test_who_asks_not_to_be_tracked(headers: dict[str, str], refused: bool) -> None:
    assert refuses(headers) is refused


def test_a_spoofed_header_changes_no_record(
    create: Callable[..., Any], hits: Callable[[], list[dict[str, Any]]]
) -> None:
    base = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "Firefox"}
    for trusted in ("", "10.0.0.0/8"):
        client = create(trusted_proxies=trusted).test_client()
        client.get("/r/abc", environ_overrides=base)
        client.get(
            "/r/abc", environ_overrides={**base, "HTTP_X_FORWARDED_FOR": "10.0.0.1, 198.51.100.1"}
        )
    found = hits()
    assert [hit["network"] for hit in found] == ["203.0.0.0/16"] * 4
    assert len({hit["visitor"] for hit in found}) == 1
