-- Note that a site's trees are kept. Parameters: site, number, shares, published, changed.
INSERT INTO trees_kept (site, number, shares, published, changed)
SELECT
    %(site)s, toUInt64(%(number)s), toUInt64(%(shares)s), toUInt64(%(published)s),
    toUInt64(%(changed)s)
