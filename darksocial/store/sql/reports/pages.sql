-- The landing pages with most visits. Parameters: landed (the statement reports/landed), limit.
-- Columns: page, visits, reported_direct, dark_social, page_views, shares.
SELECT page, visits, reported_direct, dark_social, page_views, shares
FROM (%(landed)s) AS pages
ORDER BY visits DESC, page
LIMIT %(limit)s
