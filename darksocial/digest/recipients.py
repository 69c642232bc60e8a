"""Who gets the figures of a site by e-mail, how often and in which language."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from darksocial import registry
from darksocial.errors import InputError, Said
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import LANGUAGES

PERIODS = ("weekly", "monthly")
_EMAIL = re.compile(r"[^@\s<>,;:\"\\()\x00-\x1f]+@[^@\s<>,;:\"\\()\x00-\x1f]+\.[^@\s<>,;:\"\\().]+")
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person's order for the figures of one site; `token` ends it."""

    token: str
    site: str
    email: str
    period: str = "weekly"
    language: str = "en"
    alerts: bool = False
    added: int = 0

    @property
    def since(self) -> datetime:
        return datetime.fromtimestamp(self.added / 1e9, timezone.utc)


def recipients(session: Session, site: str = "") -> list[Recipient]:
    """Return the recipients of a site, or of all."""
    rows = session.query(statement("digest/recipients"), site=site).to_pylist()
    return [Recipient(**{**row, "alerts": bool(row["alerts"])}) for row in rows]


def add(
    session: Session,
    site: str,
    email: str,
    period: str = "weekly",
    language: str = "en",
    alerts: bool = False,
) -> Recipient:
    """Add a recipient, or change the language and alerts of one who gets this already."""
    name = registry.site(session, site).name
    email = email.strip()
    if len(email) > _LONGEST or not _EMAIL.fullmatch(email):
        raise InputError(
            Said("%(email)r is no e-mail address: give one like ann@example.com.", email=email)
        )
    _one_of("period", period, PERIODS)
    _one_of("language", language, LANGUAGES)
    same = (one for one in recipients(session, name) if (one.email, one.period) == (email, period))
    known = next(same, None)
    token = known.token if known else secrets.token_urlsafe(24)
    wanted = Recipient(token, name, email, period, language, alerts, time.time_ns())
    _put(session, wanted)
    return wanted


def remove(session: Session, token: str) -> Recipient | None:
    """End an order by its token; return what it was, or `None` where there is none such."""
    for one in recipients(session):
        if secrets.compare_digest(one.token.encode(), token.encode()):
            _put(session, one, deleted=1)
            return one
    return None


def _put(session: Session, one: Recipient, deleted: int = 0) -> None:
    values = asdict(one) | {"alerts": int(one.alerts), "version": time.time_ns()}
    values.pop("added")
    session.execute(statement("digest/put"), **values, deleted=deleted)


def _one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(
            Said(
                "%(value)r is no %(what)s: known are %(known)s.",
                value=value,
                what=what,
                known=", ".join(known),
            )
        )
