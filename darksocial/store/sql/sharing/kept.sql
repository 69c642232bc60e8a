-- The kept outcome of a site's shares. Parameters: site, number.
SELECT
    token, kind, method, label, page, day, at, visitor, up, parented, root, generation, visits,
    conversions, converting, fetched, reshares, followed, application, times
FROM kept_trees WHERE site = %(site)s AND number = %(number)s
