"""The one place where a request becomes a record in the spool."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from darksocial.errors import SpoolError
from darksocial.rules.headers import condense
from darksocial.settings import Settings
from darksocial.spool.record import line, members
from darksocial.spool.segment import Writer, spool_error
from darksocial.spool.visitor import DailySalt, network
from tracker_server.client import Clients, refuses
from tracker_server.counters import DO_NOT_TRACK, Counters
from tracker_server.ids import Ids
from tracker_server.texts import header

MAX_USER_AGENT = 1024
MAX_REFERRER = 4096

Record = Mapping[str, Any]


class Recorder:
    """Turns requests into records; threads may share it.

    A record that `write` has taken survives the death of any process. Addresses stay in
    memory: a record holds the truncated network and the visitor hash of the day.
    """

    def __init__(self, settings: Settings) -> None:
        self.writer = Writer(settings.spool, settings.spool_sync)
        self.counters = Counters()
        self.ids = Ids()
        self._salt = DailySalt(settings.salt)
        self._clients = Clients(settings.trusted_proxies)
        # These repeat within a moment; what is remembered is forgotten with the next tick.
        self._agent = lru_cache(maxsize=4096)(_agent)
        self._hints = lru_cache(maxsize=4096)(_hints)
        self._referrer = lru_cache(maxsize=4096)(_referrer)
        self._network = lru_cache(maxsize=4096)(network)

    def record(self, environ: Mapping[str, Any], site: str, fields: str) -> str:
        """Record one hit that happens now; return "" or the reason why it is not recorded.

        `fields` are the record's JSON members that say what happened, the site's name included.
        """
        if refuses(environ):
            self.counters.add(DO_NOT_TRACK, site)
            return DO_NOT_TRACK
        now = time.time()
        ms = int(now * 1000)
        try:
            who = self._who(environ, site, now)
            number = self.ids.new(ms)
            self.writer.append(line(f'"id":{number},"ts":{ms},"recorded":{ms}{who},{fields}'))
        except SpoolError as error:
            self.counters.add(error.reason, site)
            return error.reason
        return ""

    def record_all(
        self, environ: Mapping[str, Any], site: str, now: float, records: Iterable[Record]
    ) -> None:
        """Record several hits of one request, all or none, or raise `SpoolError`."""
        shared = f'"recorded":{int(now * 1000)}{self._who(environ, site, now)}'
        self.writer.append(b"".join(line(members(record), shared) for record in records))

    def _who(self, environ: Mapping[str, Any], site: str, now: float) -> str:
        """Return what the hits of a request say of its sender, each member after a comma."""
        agent, member = self._agent(environ.get("HTTP_USER_AGENT", "")[:MAX_USER_AGENT])
        get = environ.get
        brands, package = get("HTTP_SEC_CH_UA", ""), get("HTTP_X_REQUESTED_WITH", "")
        if brands or package:
            platform, mobile = get("HTTP_SEC_CH_UA_PLATFORM", ""), get("HTTP_SEC_CH_UA_MOBILE", "")
            member += self._hints(agent, brands, platform, mobile, package)
        address = self._clients.address(environ)
        if not address:
            return member
        try:
            visitor = self._salt.visitor(address, agent, site, now)
        except OSError as error:
            raise spool_error(error, self.writer.directory) from error
        return f'{member},"visitor":{visitor},"network":"{self._network(address)}"'

    def referrer(self, environ: Mapping[str, Any]) -> str:
        """Return the JSON member of the request's referrer with a comma before, or ""."""
        value = environ.get("HTTP_REFERER")
        return self._referrer(value[:MAX_REFERRER]) if value else ""

    def tick(self) -> None:
        """Do what is due twice a second: counters, old segments, yesterday's salt, addresses."""
        self._clients.forget()
        self._agent.cache_clear()
        self._hints.cache_clear()
        self._referrer.cache_clear()
        self._network.cache_clear()
        with suppress(SpoolError):
            self.counters.flush(self.writer)
        self.writer.seal_if_old()
        with suppress(OSError):
            self._salt.refresh()

    def close(self) -> None:
        """Write the counters and seal the segment."""
        with suppress(SpoolError):
            self.counters.flush(self.writer)
        self.writer.close()


def _agent(value: str) -> tuple[str, str]:
    """Return the text of a User-Agent header and its member of a record, with a comma before."""
    agent = header(value, MAX_USER_AGENT)
    return agent, f',"user_agent":{encode_basestring(agent)}' if agent else ""


def _hints(agent: str, brands: str, platform: str, mobile: str, package: str) -> str:
    """Return the member of what the hints say beyond the agent, with a comma before, or "".

    Form factors come only where a server asks for them, which the tracker does not.
    """
    sent = {"sec-ch-ua": brands, "sec-ch-ua-platform": platform, "sec-ch-ua-mobile": mobile}
    said = condense(agent, {**sent, "x-requested-with": package})
    return f',"hints":{encode_basestring(said)}' if said else ""


def _referrer(value: str) -> str:
    referrer = header(value, MAX_REFERRER)
    return f',"referrer":{encode_basestring(referrer)}' if referrer else ""
