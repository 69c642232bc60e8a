"""Handing letters over by SMTP, encrypted unless the owner says otherwise."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from darksocial.errors import MailError
from darksocial.settings import Settings

TIMEOUT = 30.0

Send = Callable[[EmailMessage], None]


@contextmanager
def connected(settings: Settings, context: ssl.SSLContext | None = None) -> Iterator[Send]:
    """Give a function that hands a message over; raise `MailError` where that cannot be done.

    `smtp_security` decides: `starttls` (the default) and `tls` want a certificate that is valid
    for the host, `none` sends in the clear.
    """
    if not settings.smtp_host:
        raise MailError(
            "No mail server is set: say --smtp-host (DARKSOCIAL_SMTP_HOST) and --mail-from."
        )
    try:
        with _opened(settings, context or ssl.create_default_context()) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            yield lambda message: _hand_over(server, message)
    except (OSError, smtplib.SMTPException) as error:
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        raise MailError(f"The mail server {where} could not be used: {error}.") from error


def _opened(settings: Settings, context: ssl.SSLContext) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_security == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if settings.smtp_security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise MailError(f"The mail server refused {message['To']}: {code} {said}.") from error
