-- What was passed on in private of the pages that were posted on each network. Grain: one network.
-- Parameters: site, first, last, timezone, pages (the statement daily/pages). Columns: value, dark_social, shares.
-- A page that was posted on two networks counts for both.
SELECT
    network AS value, toUInt64(sum(dark)) AS dark_social, toUInt64(sum(minted)) AS shares
FROM (SELECT DISTINCT network, page FROM public_posts) AS posted
GLOBAL ANY LEFT JOIN
(
    SELECT page, sum(came) AS dark, sum(made) AS minted
    FROM
    (
        SELECT page, toUInt64(sum(dark)) AS came, toUInt64(0) AS made
        FROM (%(pages)s) AS pages
        GROUP BY page
        UNION ALL
        SELECT concat(toString(host), toString(path)) AS page, toUInt64(0) AS came,
            uniqExact(token) AS made
        FROM shares
        WHERE site = %(site)s AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
        GROUP BY page
    ) AS either
    GROUP BY page
) AS beside USING (page)
GROUP BY value
