-- The newest kept trees of a site. Parameters: site. Columns: number, shares, published, changed.
SELECT number, shares, published, changed
FROM trees_kept WHERE site = %(site)s
ORDER BY number DESC
LIMIT 1
