-- Published days of a site in a range. Parameters: site, first, last. Columns: day.
SELECT DISTINCT day FROM visits WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
ORDER BY day
