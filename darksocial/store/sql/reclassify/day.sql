-- What the publication of days that follow each other counted. Grain: one day.
-- Parameters: site, begin, end (UTC), first (day), days (how many), published, seen (an array: a mark
-- for each day), nth_of_began and nth (expressions: the day on which `began` and a `moment` are, from 1).
INSERT INTO days (site, day, published, seen, page_views, visits, shares, previews, bots)
SELECT
    %(site)s, %(first)s + toUInt16(nth - 1), toUInt64(%(published)s),
    toUInt64(arrayElement(%(seen)s, nth)), sum(page_views) AS all_page_views, sum(visits) AS all_visits,
    sum(shares) AS all_shares, sum(previews) AS all_previews, sum(bots) AS all_bots
FROM
(
    SELECT
        toUInt8(arrayJoin(range(toUInt64(%(days)s))) + 1) AS nth, toUInt64(0) AS page_views,
        toUInt64(0) AS visits, toUInt64(0) AS shares, toUInt64(0) AS previews, toUInt64(0) AS bots
    UNION ALL
    SELECT %(nth_of_began)s AS nth, toUInt64(sum(pages)) AS page_views,
        toUInt64(countIf(arrived = 1)) AS visits, toUInt64(0) AS shares, toUInt64(0) AS previews,
        toUInt64(0) AS bots
    FROM runs GROUP BY nth
    UNION ALL
    SELECT nth, toUInt64(0) AS page_views, toUInt64(0) AS visits,
        toUInt64(countIf(what = 'share' AND person)) AS shares,
        toUInt64(countIf(what = 'preview')) AS previews,
        toUInt64(countIf(what != 'preview' AND NOT person)) AS bots
    FROM
    (
        SELECT %(nth)s AS nth, id, any(kind) AS what, any(by_person) AS person
        FROM
        (
            SELECT toUInt32(ts) AS moment, id, kind,
                agent_kind IN ('', 'browser', 'in_app') AS by_person
            FROM hits
            WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
                AND (kind IN ('share', 'preview') OR by_person = 0)
        ) AS others
        GROUP BY nth, id
    ) AS once
    GROUP BY nth
) AS parts
GROUP BY nth
