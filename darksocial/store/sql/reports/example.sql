-- Visits that are example data. Parameters: ways (the statement daily/ways). Columns: n.
SELECT toUInt64(sum(examples)) AS n FROM (%(ways)s) AS ways WHERE channel != 'internal'
