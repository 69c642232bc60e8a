-- Keep a fit. Parameters: site, fit, library, first, last, tagged, untagged, status, estimate,
-- weights, inputs.
INSERT INTO fits
    (site, fit, library, first, last, tagged, untagged, status, estimate, weights, inputs)
SELECT
    %(site)s, toUInt64(%(fit)s), %(library)s, %(first)s, %(last)s, toUInt64(%(tagged)s),
    toUInt64(%(untagged)s), %(status)s, %(estimate)s, %(weights)s, %(inputs)s
