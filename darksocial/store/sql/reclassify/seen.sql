-- The newest marks of days. Grain: one day that has one. Parameters: site, first and last (days).
SELECT day, max(at) AS n FROM touched
WHERE site = %(site)s AND day >= %(first)s AND day <= %(last)s
GROUP BY day
