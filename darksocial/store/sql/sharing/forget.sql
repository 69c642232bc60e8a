-- Delete the kept trees of a site. Parameters: table, site.
ALTER TABLE %(table)s DELETE WHERE site = %(site)s
