-- Hits of each day between two. Parameters: site, begin, end (UTC), timezone. Columns: day, n.
SELECT toDate(ts, %(timezone)s) AS day, count() AS n FROM hits
WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
GROUP BY day
