-- How many days of a range have visits that were published. Parameters: site, first, last.
-- Columns: n.
SELECT toUInt32(uniqExact(day)) AS n
FROM days WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s
