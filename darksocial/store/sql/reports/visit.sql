-- A single visit with all that was published of it. Parameters: id, site ('' for any).
SELECT * FROM visits WHERE id = %(id)s AND (site = %(site)s OR %(site)s = '')
ORDER BY site, visitor
