-- The days of which figures of networks were entered since a time.
-- Parameters: site, since (nanoseconds since 1970), first, last (days). Columns: day.
SELECT DISTINCT day
FROM public_figures
WHERE site = %(site)s AND version >= %(since)s AND day BETWEEN %(first)s AND %(last)s
ORDER BY day
