-- Publications of days since a time, one's own included. Grain: one day with any.
-- Parameters: site, first and last (days), began (microseconds since 1970).
SELECT day, count() AS n FROM days
WHERE site = %(site)s AND day >= %(first)s AND day <= %(last)s AND published >= %(began)s
GROUP BY day
