-- Delete what was recorded of a token. Parameters: table, site, token.
ALTER TABLE %(table)s DELETE WHERE site = %(site)s AND token = %(token)s
