-- Delete what is kept of days. Parameters: table, site, days (array).
ALTER TABLE %(table)s DELETE WHERE site = %(site)s AND has(%(days)s, day)
