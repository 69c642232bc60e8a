"""Who asks: the person at this machine, an account that has logged in, or a key.

What `darksocial serve` prints opens the console without a password, for the person who could
read the store's files anyway: on this machine only, and never through a proxy.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, g, request
from itsdangerous import BadSignature, TimestampSigner

from darksocial import accounts
from darksocial.accounts import OWNER, Account, logins, secret
from darksocial.console import asked
from darksocial.settings import Settings

# With a blank in it, so that no account can have this name.
LOCAL = Account("this machine", OWNER)
KEYS_OPEN = ("/api/", "/export/")
FORWARDED = ("Forwarded", "X-Forwarded-For")


@dataclass(frozen=True, slots=True)
class Identity:
    """An account and how it is known: by `bearer`, or by the value of a cookie."""

    account: Account
    bearer: bool = False
    cookie: str = ""

    @property
    def csrf(self) -> str:
        """What forms have to bring along, which other sites cannot know."""
        return hmac.new(self.cookie.encode(), b"csrf", hashlib.sha256).hexdigest()


def known(secret_: str) -> Identity | None:
    """Return who asks, `None` for a stranger; `secret_` is that of the lock file."""
    given = request.headers.get("Authorization", "")
    if given.startswith("Bearer "):
        return _by_bearer(given[7:], secret_)
    return _by_local_cookie(secret_) or _by_login()


def local() -> bool:
    """Return whether the request comes from this machine, and through no proxy."""
    settings: Settings = current_app.config["SETTINGS"]
    peer = request.remote_addr or ""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return peer == settings.console_host or ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def _by_bearer(text: str, secret_: str) -> Identity | None:
    if same(text, secret_):
        return Identity(LOCAL, bearer=True) if local() else None
    if not request.path.startswith(KEYS_OPEN):
        return None
    account = accounts.account_of_key(asked.session(), text)
    return Identity(account, bearer=True) if account else None


def _by_local_cookie(secret_: str) -> Identity | None:
    value = request.cookies.get(local_cookie(), "")
    if value and local() and same(value, local_value(secret_)):
        return Identity(LOCAL, cookie=value)
    return None


def local_cookie() -> str:
    """Return the local cookie's name: with the port, which cookies themselves do not know."""
    return f"darksocial_{request.host.rpartition(':')[2]}"


def local_value(secret_: str) -> str:
    """Return the local cookie: not the secret, since browsers send cookies to every port."""
    return hmac.new(secret_.encode(), b"console cookie", hashlib.sha256).hexdigest()


def _by_login() -> Identity | None:
    value = request.cookies.get(login_cookie(), "")
    if not value:
        return None
    try:
        id_ = signer().unsign(value, max_age=int(logins.LIFETIME.total_seconds())).decode()
    except BadSignature:
        return None
    name = accounts.account_of(asked.session(), id_)
    account = accounts.accounts(asked.session()).get(name) if name else None
    if account is None:
        return None
    g.login = id_
    return Identity(account, cookie=value)


def login_cookie() -> str:
    if secure():
        return "__Host-darksocial"
    return f"darksocial_login_{request.host.rpartition(':')[2]}"


def signer() -> TimestampSigner:
    """Return the signer of log-ins: a forged cookie is refused before the store is asked."""
    kept = current_app.extensions.get("signer")
    if kept is None:
        kept = TimestampSigner(secret.of_installation(asked.session(), "console_secret"))
        current_app.extensions["signer"] = kept
    found: TimestampSigner = kept
    return found


def origin() -> str:
    """Return the console's own origin, as the browser that asks sees it."""
    public = urlsplit(current_app.config["SETTINGS"].console_url)
    scheme = public.scheme if request.host == public.netloc else request.scheme
    return f"{scheme}://{request.host}"


def secure() -> bool:
    return origin().startswith("https:")


def client_address() -> str:
    """Return the peer's address, or where that is a trusted proxy, whom it names."""
    settings: Settings = current_app.config["SETTINGS"]
    networks = [ipaddress.ip_network(text, strict=False) for text in settings.trusted_proxies]
    address = request.remote_addr or ""
    for entry in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if not entry.strip() or not _inside(address, networks):
            break
        address = entry.strip()
    return address


def _inside(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(parsed in network for network in networks)
