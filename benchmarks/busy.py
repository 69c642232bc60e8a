"""A busy site's hits: visits in the order of time, with all that the console's reports ask for.

Of 100 visits, 10 carry a share token, 3 came by a managed link (with its click) and 5 by a tagged
address; 4 pass the page on, three in ten of them by a link that somebody had passed on before. Six
in ten shared tokens were fetched by a messenger; 2 in 100 visits convert, 3 interact, and of 70
engaged time is known. A few pages, shares and links have most of the visits.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

import pyarrow as pa

from darksocial import campaigns
from darksocial.campaigns import Campaign
from darksocial.model import Site
from darksocial.store.protocol import Session

STEP = 1_000_000
LINKS = 200
CAMPAIGNS = 12
POSTS = 40

# `v` numbers the visits, `w` an earlier one whose share brought this one, `r` is chance.
VISIT = """
SELECT
    v, r, toUInt32(%(begin)s + intDiv((v - 1) * %(days)s * 86400, %(visits)s)) AS second,
    multiIf(r % 33 = 1, 'link', (v % 25 = 0 AND r % 10 < 3) OR (v % 25 != 0 AND r % 11 = 0),
        'valid', '') AS token_state,
    v - least(v, intDiv(%(visits)s * (r % 1009) * (intDiv(r, 7) % 1013), 20 * 1009 * 1013)) AS near,
    arrayElement([25, 25, 100, 2500], toUInt8(1 + r % 4)) AS popular,
    toUInt64(greatest(intDiv(least(near, v - 1), popular) * popular, 25)) AS w,
    multiIf(token_state = 'link', concat('L', toString(least(r % 200, intDiv(r, 5) % 200))),
        token_state = 'valid', concat('t', hex(w)), '') AS token,
    concat('/article/', toString(least(intDiv(r, 3) % 5000, intDiv(r, 11) % 5000)),
        '/a-title-of-some-length') AS path,
    sipHash64(v, 1) AS visitor, multiIf(token_state != '', toUInt8(0), toUInt8(r % 10)) AS came
FROM
(
    SELECT number AS v, sipHash64(number, 7) AS r FROM numbers(%(first)s, %(count)s)
)
"""

COLUMNS = """
INSERT INTO hits (site, id, ts, recorded, kind, visitor, host, path, token, token_state, parent,
    method, internal, referrer_host, referrer_kind, referrer_application, agent_kind,
    agent_application, agent_application_kind, browser, os, device, navigation, utm_source,
    utm_medium, utm_campaign, reported_channel, name, value, currency)
"""

VIEWS = """
SELECT
    %(site)s, bitShiftLeft(toUInt64(at), 30) + v * 8 + p AS id, toDateTime(at, 'UTC') AS ts, ts,
    'pageview', visitor, %(site)s, path, if(p = 0, token, ''), if(p = 0, token_state, ''), '',
    if(p = 0 AND token_state = 'valid', ['copy', 'share_sheet', 'copy_button'][1 + w % 3], ''),
    p > 0,
    multiIf(p > 0, %(site)s, came = 1, 'google.com', came = 2, 'bing.com', came = 3,
        'web.telegram.org', came = 4, 'mail.google.com', came = 5, 't.co', ''),
    multiIf(p > 0, '', came IN (1, 2), 'search', came = 3, 'messenger', came = 4, 'email',
        came = 5, 'social', ''),
    multiIf(p > 0, '', came = 1, 'Google', came = 2, 'Bing', came = 3, 'Telegram', came = 4,
        'Gmail', came = 5, 'X', ''),
    if(came = 6, 'in_app', 'browser'),
    if(came = 6, ['Instagram', 'Facebook', 'LINE'][1 + r % 3], ''),
    if(came = 6, ['app', 'app', 'messenger'][1 + r % 3], ''),
    ['Chrome', 'Firefox', 'Mobile Safari'][v % 3 + 1], ['Windows', 'Linux', 'iOS'][v % 3 + 1],
    ['desktop', 'tablet', 'mobile'][v % 3 + 1], 'navigate',
    if(tagged AND p = 0, 'newsletter', ''), if(tagged AND p = 0, 'email', ''),
    if(tagged AND p = 0, concat('campaign-', toString(intDiv(r, 2) % 40)), ''),
    multiIf(p > 0, 'Direct', came IN (1, 2), 'Organic Search', came IN (3, 4), 'Referral',
        came = 5, 'Organic Social', tagged, 'Email', 'Direct'), '', 0., ''
FROM (SELECT *, came = 7 AND intDiv(r, 10) % 2 = 0 AS tagged,
    arrayJoin(range(1 + (v % 5 < 2) + (v % 5 = 0))) AS p,
    second + p * 60 AS at FROM (VISIT))
"""

ACTS = """
SELECT
    %(site)s, bitShiftLeft(toUInt64(at), 30) + v * 8 + place AS id, toDateTime(at, 'UTC') AS ts, ts,
    kind, if(kind IN ('preview', 'click'), toUInt64(0), visitor), %(site)s, path,
    multiIf(kind = 'share', concat('t', hex(v)), kind = 'preview', concat('t', hex(v)),
        kind = 'click', token, ''),
    multiIf(kind = 'share', 'valid', kind = 'preview', 'valid', kind = 'click', 'link', ''),
    if(kind = 'share' AND token_state = 'valid', token, ''),
    if(kind = 'share', ['copy', 'share_sheet', 'copy_button'][1 + v % 3], ''), 0, '', '', '',
    if(kind = 'preview', 'preview', 'browser'),
    if(kind = 'preview', ['Slack', 'Telegram', 'WhatsApp', 'Discord'][1 + r % 4], ''),
    if(kind = 'preview', 'messenger', ''),
    'Chrome', 'Windows', 'desktop', '', '', '', '', '',
    multiIf(kind = 'interaction', ['like', 'comment', 'play', 'download'][1 + r % 4],
        kind = 'engagement', toString(r % 101), kind = 'conversion', 'order', ''),
    multiIf(kind = 'engagement', toFloat64(r % 240), kind = 'conversion', 10. + r % 90, 0.),
    if(kind = 'conversion', 'EUR', '')
FROM
(
    SELECT *, tupleElement(act, 1) AS kind, tupleElement(act, 2) AS place,
        second + tupleElement(act, 3) AS at
    FROM
    (
        SELECT *, arrayJoin(arrayFilter(x -> tupleElement(x, 4) = 1, [
            ('share', 3, 30, v % 25 = 0), ('preview', 4, 40, v % 25 = 0 AND r % 10 < 6),
            ('click', 5, 0, token_state = 'link'), ('engagement', 6, 50, intDiv(r, 13) % 10 < 7),
            ('interaction', 7, 20, intDiv(r, 17) % 100 < 3),
            ('conversion', 2, 25, intDiv(r, 19) % 100 < 2)])) AS act
        FROM (VISIT)
    )
)
"""


def fill(session: Session, site: Site, visits: int, days: int) -> None:
    """Put the hits of so many visits into the store, spread over the days up to today."""
    begin = _midnight(date.today() - timedelta(days=days - 1))
    _links(session, site)
    for first in range(1, visits, STEP):
        span = {"first": first, "count": min(STEP, visits + 1 - first)}
        for part in (VIEWS, ACTS):
            session.execute(
                COLUMNS + part.replace("VISIT", VISIT),
                **{"site": site.name, "begin": begin, "days": days, "visits": visits, **span},
            )
        print(f"{min(first - 1 + STEP, visits):,} of {visits:,} visits are recorded", flush=True)
    _campaigns(session, site, days)
    _public(session, site, days)


def _links(session: Session, site: Site) -> None:
    rows = range(LINKS)
    made = {
        "number": pa.array([n + 1 for n in rows], pa.uint64()),
        "code": [f"L{n}" for n in rows],
        "site": [site.name] * LINKS,
        "destination": [f"https://{site.name}/article/{n}/a-title-of-some-length" for n in rows],
        "kind": [("campaign", "newsletter", "person", "qr")[n % 4] for n in rows],
        "label": [f"Link {n}" for n in rows],
        "version": pa.array([time.time_ns()] * LINKS, pa.uint64()),
    }
    session.insert("links", pa.table(made))


def _campaigns(session: Session, site: Site, days: int) -> None:
    for number in range(CAMPAIGNS):
        begins = date.today() - timedelta(days=days - 1 - number * days // (2 * CAMPAIGNS))
        campaigns.add(
            session,
            Campaign(
                site.name,
                f"Campaign {number}",
                begins,
                tags=(f"campaign-{number}",),
                codes=(f"L{number}", f"L{number + 20}"),
                target=50_000,
            ),
        )


def _public(session: Session, site: Site, days: int) -> None:
    """Likes, comments and shares of some posts on two networks, on every day."""
    rows = [(n, day) for n in range(POSTS) for day in range(days)]
    count = len(rows)
    figures = {
        "site": [site.name] * count,
        "network": [("Facebook", "LinkedIn")[n % 2] for n, _ in rows],
        "post": [f"post-{n}" for n, _ in rows],
        "day": [date.today() - timedelta(days=day) for _, day in rows],
        "page": [f"{site.name}/article/{n}/a-title-of-some-length" for n, _ in rows],
        "utm_campaign": [f"campaign-{n % CAMPAIGNS}" for n, _ in rows],
        **{
            name: pa.array([(n * 7 + day) % most for n, day in rows], pa.uint64())
            for name, most in (("likes", 50), ("comments", 9), ("shares", 5))
        },
        "running": pa.array([0] * count, pa.uint8()),
        "version": pa.array([time.time_ns()] * count, pa.uint64()),
    }
    session.insert("public_figures", pa.table(figures))


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp())
