-- Sums over all landing pages. Parameters: site, first, last, timezone.
-- Columns: visits, reported_direct, dark_social, page_views, shares, pages.
-- As in `pages`, shares are those of pages on which a visit began.
SELECT
    toUInt64(sum(visits)) AS visits, toUInt64(sum(reported_direct)) AS reported_direct,
    toUInt64(sum(dark_social)) AS dark_social, toUInt64(sum(page_views)) AS page_views,
    toUInt64(sum(shares)) AS shares, count() AS pages
FROM
(
    SELECT
        concat(host, path) AS page,
        count() AS visits,
        countIf(reported_channel = 'Direct') AS reported_direct,
        countIf(channel = 'dark_social') AS dark_social,
        sum(pages) AS page_views
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
