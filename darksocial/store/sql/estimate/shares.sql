-- Shares that were reported. Parameters: site, begin, end (UTC). Columns: n.
SELECT count() AS n FROM shares WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
