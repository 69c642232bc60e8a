"""The one table of settings: a flag, an environment variable and a file key for each.

A flag wins over the environment, the environment over the file, the file over the default.
Unknown names are errors, so that a typing mistake never passes for a setting.
"""

from __future__ import annotations

import configparser
import ipaddress
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from darksocial.errors import SettingError

PREFIX = "DARKSOCIAL_"
CONFIG_VARIABLE = PREFIX + "CONFIG"
SECTION = "darksocial"
DATABASE = "darksocial"  # on a ClickHouse server, where the address names none


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. `kind` is str, int, bool or list (comma-separated)."""

    name: str
    kind: type
    default: Any
    help: str

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


SETTINGS = (
    Setting("store", str, "", "chdb:///path or clickhouse://user:pw@host:port/db"),
    Setting("home", str, "", "directory of spool, salt and lock file (default: beside the store)"),
    Setting("tracker_host", str, "127.0.0.1", "address that the public tracker listens on"),
    Setting("tracker_port", int, 8080, "port of the public tracker"),
    Setting("tracker_url", str, "", "address of the tracker as browsers see it"),
    Setting("tracker_workers", int, 2, "worker processes of the tracker"),
    Setting("trusted_proxies", list, (), "networks whose X-Forwarded-For names the client"),
    Setting("spool_sync", bool, False, "force each hit to the disk, against power loss"),
    Setting("console_host", str, "127.0.0.1", "address that the private console listens on"),
    Setting("console_port", int, 8081, "port of the private console"),
    Setting("console_url", str, "", "address of the console as its readers see it"),
    Setting("demo_port", int, 8082, "port of the demo site"),
    Setting("retention_months", int, 6, "months after which raw hits expire (25 at most)"),
    Setting("minimum_visitors", int, 5, "least visitors of a cell that readers are shown"),
    Setting("refit_days", int, 7, "days after which an estimate is made anew (0: never)"),
    Setting("memory_gb", int, 3, "memory that one query of the embedded store may use"),
    Setting("smtp_host", str, "", "mail server for digests and alerts"),
    Setting("smtp_port", int, 587, "port of the mail server"),
    Setting("smtp_security", str, "starttls", "starttls, tls, or none for mail in the clear"),
    Setting("smtp_user", str, "", "user name at the mail server"),
    Setting("smtp_password", str, "", "password at the mail server"),
    Setting("mail_from", str, "", "sender of digests and alerts"),
)
SMTP_SECURITY = ("starttls", "tls", "none")
# Goes into tags and letters as it is, so nothing in it may end an attribute.
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[^\s\"'<>\\]*)?"
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_PORT = (1, 65535, "a port from 1 to 65535")
_LIMITS = {
    "tracker_port": _PORT,
    "console_port": _PORT,
    "demo_port": _PORT,
    "smtp_port": _PORT,
    "tracker_workers": (1, 1024, "1 or more, up to 1024"),
    "retention_months": (1, 25, "1 to 25, since raw hits have to expire"),
    "minimum_visitors": (1, 1000, "1 to 1000"),
    "refit_days": (0, 365, "0 to 365"),
    "memory_gb": (1, 1_000_000, "1 or more"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; each attribute stands in the table `SETTINGS`."""

    store: str
    home: Path
    tracker_host: str
    tracker_port: int
    tracker_url: str
    tracker_workers: int
    trusted_proxies: tuple[str, ...]
    spool_sync: bool
    console_host: str
    console_port: int
    console_url: str
    demo_port: int
    retention_months: int
    minimum_visitors: int
    refit_days: int
    memory_gb: int
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    mail_from: str

    @property
    def console_address(self) -> str:
        """The address of the console as its readers see it."""
        return self.console_url.rstrip("/") or web_address(self.console_host, self.console_port)

    @property
    def tracker_address(self) -> str:
        """The address of the tracker as browsers see it."""
        return self.tracker_url.rstrip("/") or web_address(self.tracker_host, self.tracker_port)

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def rejects(self) -> Path:
        return self.home / "rejects"

    @property
    def salt(self) -> Path:
        return self.home / "salt"

    @property
    def snapshot(self) -> Path:
        return self.home / "snapshot.json"

    @property
    def lock(self) -> Path:
        return self.home / "lock"


def load(
    flags: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Return the settings in force, or raise `SettingError` for the first that cannot be used."""
    environment = os.environ if environment is None else environment
    values = {setting.name: setting.default for setting in SETTINGS}
    values.update(_from_file(environment))
    values.update(_from_environment(environment))
    values.update({name: value for name, value in (flags or {}).items() if value is not None})
    parsed = {name: _parse(name, value) for name, value in values.items()}
    return _complete(parsed, environment)


def web_address(host: str, port: int) -> str:
    """Return the address at which a browser on this machine finds a server."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def as_environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that give another process these settings."""
    return {setting.variable: _as_text(getattr(settings, setting.name)) for setting in SETTINGS}


def _as_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def user_data_directory(environment: Mapping[str, str]) -> Path:
    """Return where a user's programs keep their data on this system."""
    if base := environment.get("XDG_DATA_HOME"):
        return Path(base)
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support"
    return home / ".local" / "share"


def _from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        name = variable[len(PREFIX) :].lower()
        _known(name, f"environment variable {variable}")
        found[name] = value
    return found


def _from_file(environment: Mapping[str, str]) -> dict[str, str]:
    path = environment.get(CONFIG_VARIABLE)
    if not path:
        return {}
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            parser.read_file(file)
        section = dict(parser[SECTION])
    except OSError as error:
        raise SettingError(
            f"The settings file {path} ({CONFIG_VARIABLE}) cannot be read: {error.strerror}."
        ) from error
    except (configparser.Error, KeyError, UnicodeDecodeError) as error:
        raise SettingError(
            f"The settings file {path} needs lines `name = value`, each once, under [{SECTION}]: "
            f"{' '.join(str(error).split())}."
        ) from error
    for name in section:
        _known(name, f"name {name!r} in {path}")
    return section


def _known(name: str, where: str) -> None:
    if name not in _BY_NAME:
        raise SettingError(f"The {where} is no setting: known are {', '.join(sorted(_BY_NAME))}.")


def _parse(name: str, value: Any) -> Any:
    _known(name, f"name {name!r}")
    setting = _BY_NAME[name]
    if not isinstance(value, str):
        return tuple(value) if setting.kind is list else value
    text = value.strip()
    try:
        return _PARSERS[setting.kind](text)
    except (ValueError, KeyError):
        wanted = "true or false" if setting.kind is bool else "a whole number"
        raise _refused(name, wanted, value) from None


_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_PARSERS: dict[type, Callable[[str], Any]] = {
    bool: lambda text: _WORDS[text.lower()],
    int: int,
    list: lambda text: tuple(part.strip() for part in text.split(",") if part.strip()),
    str: str,
}


def _refused(name: str, wanted: str, value: Any) -> SettingError:
    setting = _BY_NAME[name]
    return SettingError(
        f"The setting {name} ({setting.flag}, {setting.variable}) takes {wanted}, not {value!r}."
    )


def _complete(values: dict[str, Any], environment: Mapping[str, str]) -> Settings:
    for name, (least, most, wanted) in _LIMITS.items():
        if not least <= values[name] <= most:
            raise _refused(name, wanted, values[name])
    for network in values["trusted_proxies"]:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise _refused("trusted_proxies", "addresses or networks", network) from None
    for name in ("tracker_url", "console_url"):
        if values[name] and not _ADDRESS.fullmatch(values[name]):
            raise _refused(name, "an address with http:// or https:// and a host", values[name])
    if values["smtp_security"] not in SMTP_SECURITY:
        raise _refused(
            "smtp_security", f"one of {', '.join(SMTP_SECURITY)}", values["smtp_security"]
        )
    if values["smtp_host"] and "@" not in values["mail_from"]:
        raise _refused(
            "mail_from", "an e-mail address, where smtp_host is set", values["mail_from"]
        )
    base = user_data_directory(environment) / "darksocial"
    store = values["store"] or f"chdb://{base}"
    values["store"] = store
    values["home"] = Path(values["home"]) if values["home"] else default_home(store, base)
    return Settings(**values)


def default_home(store: str, base: Path) -> Path:
    """Return the directory of spool, salt and lock file for a store.

    An embedded store has them in its own directory, a server in the user's data directory.
    """
    url = urlsplit(store)
    if url.scheme == "chdb":
        return Path(url.path)
    try:
        place = f"{url.hostname}-{url.port or 9000}-{url.path.strip('/') or DATABASE}"
    except ValueError as error:
        shown = f"{url.scheme}://{url.netloc.rpartition('@')[2]}{url.path}"  # without a password
        raise SettingError(f"The store {shown!r} has no usable port: {error}.") from None
    return base / place
