-- Delete what was passed on from a token. Parameters: table, site, token.
ALTER TABLE %(table)s DELETE WHERE site = %(site)s AND parent = %(token)s
