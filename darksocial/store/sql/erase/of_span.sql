-- Delete what was recorded in a span of time. Parameters: table, site, begin and end (UTC).
ALTER TABLE %(table)s DELETE WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s
