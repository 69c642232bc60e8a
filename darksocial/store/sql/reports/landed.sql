-- Landing pages with the shares of each. Grain: one page on which a visit began.
-- Parameters: site, first, last, timezone, by_page (the statement daily/pages).
-- Columns: page, visits, reported_direct, dark_social, page_views, shares.
-- `page_views` are those of the visits that began on the page; `shares` those of the page.
SELECT page, visits, reported_direct, dark_social, page_views, shares
FROM
(
    SELECT
        page, toUInt64(sum(n)) AS visits, toUInt64(sum(direct)) AS reported_direct,
        toUInt64(sum(dark)) AS dark_social, toUInt64(sum(views)) AS page_views
    FROM (%(by_page)s) AS by_page
    GROUP BY page
) AS landed
GLOBAL ANY LEFT JOIN
(
    SELECT concat(toString(host), toString(path)) AS page, uniqExact(token) AS shares
    FROM shares
    WHERE site = %(site)s AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
    GROUP BY page
) AS passed_on USING (page)
