"""A mail server that speaks SMTP for real, with a certificate of its own."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest
import trustme
from aiosmtpd.controller import Controller
from receiver import Receiver


def free_port() -> int:
    """Return a port that is free now; the controller itself connects to the one it is given."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def receiver(authority: trustme.CA) -> Iterator[Receiver]:
    receiver = Receiver()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    authority.configure_trust(receiver.trust)
    controller = Controller(
        receiver,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        authenticator=receiver.authenticate,
        auth_required=False,
    )
    controller.start()
    receiver.port = controller.port
    yield receiver
    controller.stop()
