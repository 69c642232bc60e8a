-- What the publication of a day counted. Parameters: site, begin, end (UTC), day, published, seen.
INSERT INTO days (site, day, published, seen, page_views, visits, shares, previews, bots)
SELECT
    %(site)s, %(day)s, toUInt64(%(published)s), toUInt64(%(seen)s),
    (SELECT sum(pages) FROM runs),
    (SELECT count() FROM runs WHERE arrived = 1),
    countIf(what = 'share'),
    countIf(what = 'preview'),
    countIf(what NOT IN ('share', 'preview'))
FROM
(
    SELECT id, any(kind) AS what
    FROM hits
    WHERE site = %(site)s
        AND ts >= %(begin)s AND ts < %(end)s
        AND (kind IN ('share', 'preview') OR agent_kind NOT IN ('', 'browser', 'in_app'))
    GROUP BY id
) AS once
