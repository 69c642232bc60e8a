-- The landing pages with most visits. Parameters: limit.
-- Columns: page, visits, reported_direct, dark_social, page_views, shares.
SELECT page, visits, reported_direct, dark_social, page_views, shares
FROM landed_pages
ORDER BY visits DESC, page
LIMIT %(limit)s
