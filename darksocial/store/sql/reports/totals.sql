-- What was recorded in a range of days. Parameters: site, first, last.
-- Columns: page_views, visits, shares, previews, bots.
SELECT
    toUInt64(sum(page_views)) AS page_views, toUInt64(sum(visits)) AS visits,
    toUInt64(sum(shares)) AS shares, toUInt64(sum(previews)) AS previews,
    toUInt64(sum(bots)) AS bots
FROM
(
    SELECT
        day, argMax(page_views, published) AS page_views, argMax(visits, published) AS visits,
        argMax(shares, published) AS shares, argMax(previews, published) AS previews,
        argMax(bots, published) AS bots
    FROM days
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day
) AS newest
