-- Keep one of the sums of a day. Parameters: table, columns, site, number, sums (a statement).
INSERT INTO %(table)s (site, kept, %(columns)s)
SELECT %(site)s, toUInt64(%(number)s), %(columns)s FROM (%(sums)s) AS sums
