-- Repeat the last publications of days as ones that have seen every mark there will be.
-- Parameters: site, days (array).
INSERT INTO days (site, day, published, seen, page_views, visits, shares, previews, bots)
SELECT
    site, day, max(published) + 1, toUInt64(18446744073709551615),
    argMax(page_views, published), argMax(visits, published), argMax(shares, published),
    argMax(previews, published), argMax(bots, published)
FROM days
WHERE site = %(site)s AND has(%(days)s, day)
GROUP BY site, day
