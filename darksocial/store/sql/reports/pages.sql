-- Landing pages. Parameters: site, first, last, timezone, limit.
-- Columns: page, visits, reported_direct, dark_social, page_views, shares.
-- `page_views` are those of the visits that began on the page; `shares` those of the page.
SELECT page, visits, reported_direct, dark_social, page_views, shares
FROM
(
    SELECT
        concat(host, path) AS page,
        count() AS visits,
        countIf(reported_channel = 'Direct') AS reported_direct,
        countIf(channel = 'dark_social') AS dark_social,
        toUInt64(sum(pages)) AS page_views
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
    GROUP BY page
) AS landed
GLOBAL ANY LEFT JOIN
(
    SELECT concat(host, path) AS page, uniqExact(token) AS shares
    FROM shares
    WHERE site = %(site)s AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
    GROUP BY page
) AS passed_on USING (page)
ORDER BY visits DESC, page
LIMIT %(limit)s
