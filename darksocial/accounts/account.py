"""Accounts: people who log in, each with one role."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, replace

from darksocial.accounts import logins, passwords
from darksocial.errors import InputError, Said
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

# Each role may also do what those before it may.
ROLES = ("reader", "analyst", "owner")
READER, ANALYST, OWNER = ROLES
_NAME = re.compile(r"[A-Za-z0-9._@+-]{1,100}")


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks: a person, a key or a shared report (both without a name of their own).

    `language` is empty where the browser decides; `site` is empty where all sites may be seen.
    """

    name: str
    role: str
    language: str = ""
    site: str = ""

    def may(self, role: str) -> bool:
        """Return whether this account may do what `role` may."""
        return ROLES.index(self.role) >= ROLES.index(role)

    @property
    def sees_visits(self) -> bool:
        """Whether single visits and small cells may be shown."""
        return self.may(ANALYST)


def accounts(session: Session) -> dict[str, Account]:
    """Return all accounts by name."""
    return {name: found for name, (found, _) in _all(session).items()}


def add_account(session: Session, name: str, role: str, password: str = "") -> str:
    """Add an account; return its password, a new one where none is given."""
    if not _NAME.fullmatch(name):
        raise InputError(
            Said(
                "%(name)r is no name for an account: use letters, digits and . _ @ + - (at most "
                "100).",
                name=name,
            )
        )
    if name in _all(session):
        raise InputError(
            Said("There is an account %(name)r already: choose another name.", name=name)
        )
    password = password or secrets.token_urlsafe(15)
    _put(session, Account(name, known_role(role)), passwords.hashed(password))
    return password


def change_account(
    session: Session, name: str, role: str | None = None, language: str | None = None
) -> Account:
    """Give an account another role or language; the last owner stays one."""
    found, password = _named(session, name)
    changed = replace(
        found,
        role=found.role if role is None else known_role(role),
        language=found.language if language is None else language,
    )
    if found.role == OWNER and changed.role != OWNER:
        _another_owner(session, name)
    _put(session, changed, password)
    return changed


def set_password(session: Session, name: str, password: str = "", keep: str = "") -> str:
    """Give an account a password and end its log-ins but `keep`; return the password."""
    found, _ = _named(session, name)
    password = password or secrets.token_urlsafe(15)
    _put(session, found, passwords.hashed(password))
    logins.end_all(session, name, keep)
    return password


def remove_account(session: Session, name: str) -> None:
    """Remove an account and end its log-ins; the last owner stays."""
    found, _ = _named(session, name)
    if found.role == OWNER:
        _another_owner(session, name)
    _put(session, found, "", deleted=1)
    logins.end_all(session, name)


def first_owner(session: Session) -> str:
    """Add the owner where there never was any account; return the password, "" else."""
    if session.query(statement("accounts/ever"))["n"][0].as_py():
        return ""
    return add_account(session, OWNER, OWNER)


def verified(session: Session, name: str, password: str) -> Account | None:
    """Return the account whose password this is; it takes as long where there is none."""
    found, hash_ = _all(session).get(name, (None, passwords.NOBODY))
    if not passwords.fits(password, hash_):
        return None
    if found and passwords.outdated(hash_):
        _put(session, found, passwords.hashed(password))
    return found


def _all(session: Session) -> dict[str, tuple[Account, str]]:
    rows = session.query(statement("accounts/all")).to_pylist()
    return {
        row["name"]: (Account(row["name"], row["role"], row["language"]), row["password"])
        for row in rows
    }


def _named(session: Session, name: str) -> tuple[Account, str]:
    try:
        return _all(session)[name]
    except KeyError:
        raise InputError(
            Said(
                "There is no account %(name)r: `darksocial user list` shows those that there are.",
                name=name,
            )
        ) from None


def _another_owner(session: Session, name: str) -> None:
    if not any(other.role == OWNER for other in accounts(session).values() if other.name != name):
        raise InputError(
            Said("%(name)r is the only owner: make another account owner first.", name=name)
        )


def known_role(role: str) -> str:
    """Return a role, or refuse what is none."""
    if role not in ROLES:
        raise InputError(
            Said("%(role)r is no role: there are %(known)s.", role=role, known=", ".join(ROLES))
        )
    return role


def _put(session: Session, account: Account, password: str, deleted: int = 0) -> None:
    session.execute(
        statement("accounts/put"),
        name=account.name,
        role=account.role,
        password=password,
        language=account.language,
        deleted=deleted,
        version=time.time_ns(),
    )
