-- Delete the acts of sharing of a source. Parameters: site, source.
ALTER TABLE shares DELETE WHERE site = %(site)s AND source = %(source)s
