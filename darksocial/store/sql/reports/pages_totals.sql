-- Sums over all landing pages. Columns: visits, reported_direct, dark_social, page_views, shares,
-- pages. As in `pages`, shares are those of pages on which a visit began.
SELECT
    toUInt64(sum(visits)) AS visits, toUInt64(sum(reported_direct)) AS reported_direct,
    toUInt64(sum(dark_social)) AS dark_social, toUInt64(sum(page_views)) AS page_views,
    toUInt64(sum(shares)) AS shares, count() AS pages
FROM landed_pages
