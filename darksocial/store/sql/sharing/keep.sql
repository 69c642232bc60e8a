-- Keep the outcome of a site's shares. Parameters: site, number.
INSERT INTO kept_trees
(
    site, number, token, kind, method, label, page, day, at, visitor, up, parented, root,
    generation, visits, conversions, converting, fetched, reshares, followed, application, times
)
SELECT
    %(site)s, toUInt64(%(number)s), token, kind, method, label, page, day, at, visitor, up,
    parented, root, generation, visits, conversions, converting, fetched, reshares, followed, application,
    times
FROM sharing_outcome
