-- Delete the hits of an import. Parameters: site, source.
ALTER TABLE hits DELETE WHERE site = %(site)s AND source = %(source)s
