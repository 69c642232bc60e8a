-- Visits that are example data. Parameters: site, first, last, source. Columns: n.
SELECT count() AS n
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND source = %(source)s
    AND channel != 'internal'
