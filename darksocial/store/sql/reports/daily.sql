-- Visits a day, for charts. Parameters: site, first, last.
-- Columns: day, visits, reported_direct, dark_social, still_direct.
SELECT
    day, count() AS visits,
    countIf(reported_channel = 'Direct') AS reported_direct,
    countIf(channel = 'dark_social' AND reported_channel = 'Direct') AS dark_social,
    countIf(channel = 'direct' AND reported_channel = 'Direct') AS still_direct
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
GROUP BY day
ORDER BY day
