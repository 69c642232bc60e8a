"""From what arrived to what it means: the rules, asked once for each distinct value.

Everything that brings hits (drain, imports, frames) fills the temporary table `raw` of a scratch
session and calls `enrich`; the rows for `hits` are then `statement("enrich/hits")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from darksocial.errors import TokenError
from darksocial.model import Site
from darksocial.rules import agents, channels, headers, referrers, tokens, urls
from darksocial.store.embedded import EmbeddedSession
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

TABLES = ("raw", "keyed", "agents", "origins", "tokens", "paths")

_AGENTS = pa.schema(
    [("agent_key", pa.uint64())]
    + [
        (name, pa.string())
        for name in (
            "agent_kind",
            "agent_application",
            "agent_application_kind",
            "browser",
            "os",
            "device",
        )
    ]
)
_ORIGINS = pa.schema(
    [("origin_key", pa.uint64()), ("internal", pa.uint8())]
    + [
        (name, pa.string())
        for name in (
            "referrer_host",
            "referrer_path",
            "referrer_kind",
            "referrer_application",
            "click_network",
            "click_kind",
            "reported_channel",
        )
    ]
)
_TOKENS = pa.schema(
    [("token_key", pa.uint64()), ("token_state", pa.string()), ("token_method", pa.string())]
)
_PATHS = pa.schema([("whole_path", pa.string()), ("clean_path", pa.string())])

# What a host is written with beside its name: the dot that may end it, a scheme's own port, or
# a number that is no port.
NEEDLESS = (
    r"\.?(?::(?:80|443|0*|[0-9]{6,}|6553[6-9]|655[4-9][0-9]|65[6-9][0-9]{2}|6[6-9][0-9]{3}"
    r"|[7-9][0-9]{4})?)?$"
)

# Click ids whose value decides whether they are one; of the others any value will do.
VALUED = sorted(name for name, (_, value) in urls.CLICK_IDS.items() if value.pattern != ".")

# State and method of a token of a site: the drain checks it, a frame takes it as it is.
TokenCheck = Callable[[Site, str], tuple[str, str]]


@contextmanager
def scratch(store: Store, target: Session) -> Iterator[Session]:
    """Give a session on this process's engine: the store's own session where it lives there."""
    if store.local:
        yield target
        finish(target)
    else:
        with EmbeddedSession() as work:
            yield work


def begin(work: Session) -> None:
    """Make the empty table `raw` in a scratch session, in place of an older one."""
    finish(work)
    work.execute(statement("enrich/raw"))


def finish(work: Session) -> None:
    """Drop the scratch tables."""
    work.execute(f"DROP TABLE IF EXISTS {', '.join(TABLES)}")


def enrich(
    work: Session, sites: Mapping[str, Site], check: TokenCheck, silent: str = "bot"
) -> None:
    """Ask the rules about every distinct value in `raw`, and keep the answers beside it.

    `silent` is the kind of an agent that says nothing: a request without a user agent is a
    bot's, while a frame may just not hold them ("").
    """
    work.execute(
        statement("enrich/keyed"),
        click_ids=sorted(urls.CLICK_IDS),
        valued=VALUED,
        deciding=list(referrers.deciding()),
        origin=urls.HOST,
        needless=NEEDLESS,
        address=urls.CLEANING.address,
    )
    rows = work.query(statement("enrich/agents"))
    _dimension(work, "agents", _AGENTS, (_agent_row(row, silent) for row in rows.to_pylist()))
    rows = work.query(statement("enrich/origins"))
    _dimension(work, "origins", _ORIGINS, (_origin_row(row, sites) for row in rows.to_pylist()))
    rows = work.query(statement("enrich/tokens"))
    found = (_token_row(row, sites, check) for row in rows.to_pylist())
    _dimension(work, "tokens", _TOKENS, found)
    rows = work.query(statement("enrich/paths"))
    found = ((path, urls.clean_url(path)) for path in rows["whole_path"].to_pylist())
    _dimension(work, "paths", _PATHS, found)


def move(work: Session, store: Store, target: Session) -> int:
    """Insert the enriched rows into the store's `hits`; return how many there were."""
    count = work.query("SELECT count() AS n FROM keyed")["n"][0].as_py()
    if count and store.local:
        work.execute(f"INSERT INTO hits ({HIT_COLUMNS})\n{statement('enrich/hits')}")
    elif count:
        target.insert("hits", work.query(statement("enrich/hits")))
    return int(count)


HIT_COLUMNS = """site, id, ts, recorded, kind, visitor, host, path, token, token_state, parent,
    method, internal, referrer_host, referrer_path, referrer_kind, referrer_application,
    agent_kind, agent_application, agent_application_kind, browser, os, device, navigation,
    fetch_site, returning, url_seen, click_network, click_kind, utm_source, utm_medium,
    utm_campaign, reported_channel, name, value, currency, answer, network, source"""


def site_token(now_hour: int, codes: Set[str] = frozenset()) -> TokenCheck:
    """Return the check for tokens of our own snippet, at a time (hours since 1970).

    `codes` are the codes of managed links, which come in the same parameter.
    """

    def check(site: Site, token: str) -> tuple[str, str]:
        if token in codes:
            return "link", "link"
        try:
            return "valid", tokens.decode(token, site.key, now_hour).method
        except TokenError as error:
            return error.reason, ""

    return check


def _agent_row(row: Mapping[str, Any], silent: str) -> tuple[Any, ...]:
    if not row["agent"]:
        return (row["agent_key"], silent, "", "", "", "", "")
    agent = agents.resolve(row["agent"], headers.expand(row["hints"]))
    return (
        row["agent_key"],
        agent.kind,
        agent.application or "",
        agent.application_kind or "",
        agent.browser or "",
        agent.os or "",
        agent.device,
    )


def _origin_row(row: Mapping[str, Any], sites: Mapping[str, Site]) -> tuple[Any, ...]:
    site = sites.get(row["site"])
    referrer = row["referrer_key"]
    host = urls.host_of(referrer) or referrer
    own = bool(referrer) and (
        host == row["host"] or (site is not None and urls.own_host(host, site.hosts))
    )
    known = referrers.resolve("" if own else referrer)
    click = urls.click_id(row["url"]) if row["url"] else None
    campaign = urls.campaign(row["url"]) if row["url"] else urls.Campaign()
    reported = channels.ga4_channel(
        row["source_key"], row["medium_key"], row["campaign_key"], known, campaign.ad_click
    )
    place, path = _place(referrer, own)
    return (
        row["origin_key"],
        int(own),
        place,
        path,
        known.kind or "",
        known.application or "",
        click.application if click else "",
        click.kind if click else "",
        reported,
    )


def _place(referrer: str, own: bool) -> tuple[str, str]:
    """Return host and path of a referrer as they may be stored."""
    if own or not referrer:
        return urls.host_of(referrer), ""
    if referrer.startswith("android-app:"):
        return referrer.rstrip("/"), ""
    host = urls.host_of(referrer)
    clean = urls.clean_url(referrer)
    return host, clean.partition(host)[2] if host else ""


def _token_row(
    row: Mapping[str, Any], sites: Mapping[str, Site], check: TokenCheck
) -> tuple[Any, ...]:
    site = sites.get(row["site"])
    state, method = check(site, row["token"]) if site else ("unknown_site", "")
    return row["token_key"], state, method


def _dimension(
    work: Session, name: str, schema: pa.Schema, rows: Iterable[tuple[Any, ...]]
) -> None:
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    fields = ", ".join(f"{field.name} {_SQL_TYPES[field.type]}" for field in schema)
    work.execute(f"CREATE TEMPORARY TABLE {name} ({fields}) ENGINE = Memory")
    if len(arrays[0]):
        work.insert(name, pa.table(arrays, schema=schema))


_SQL_TYPES = {pa.string(): "String", pa.uint64(): "UInt64", pa.uint8(): "UInt8"}
