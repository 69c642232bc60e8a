-- Days that have visits. Parameters: site, first, last. Columns: day, visits.
SELECT day, count() AS visits
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
GROUP BY day
ORDER BY day
