-- What is kept of days. Parameters: table, columns, site, first, last (days), numbers (tuple).
SELECT %(columns)s
FROM %(table)s
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND kept IN %(numbers)s
