-- Days of a site with hits or publications. Parameters: site, timezone. Columns: day.
SELECT DISTINCT day
FROM
(
    SELECT toDate(ts, %(timezone)s) AS day FROM hits WHERE site = %(site)s
    UNION ALL
    SELECT day FROM days WHERE site = %(site)s
) AS days_seen
