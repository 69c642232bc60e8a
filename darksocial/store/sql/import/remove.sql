-- Delete what a source brought to a table. Parameters: table, site, source.
ALTER TABLE %(table)s DELETE WHERE site = %(site)s AND source = %(source)s
