-- The fits of a site, newest first. Parameters: site, most.
-- Columns: fit, library, first, last, tagged, untagged, status, estimate, weights, inputs.
SELECT fit, library, first, last, tagged, untagged, status, estimate, weights, inputs
FROM fits
WHERE site = %(site)s
ORDER BY fit DESC
LIMIT %(most)s
