-- Landing pages with the shares of each. Grain: one page on which a visit began.
-- Parameters: by_page and acts (statements of daily).
-- Columns: page, visits, reported_direct, dark_social, page_views, shares.
-- `page_views` are those of the visits that began on the page; `shares` those of the page.
CREATE TEMPORARY TABLE landed_pages AS
SELECT page, visits, reported_direct, dark_social, page_views, shares
FROM
(
    SELECT
        page, toUInt64(sum(n)) AS visits, toUInt64(sum(direct)) AS reported_direct,
        toUInt64(sum(dark)) AS dark_social, toUInt64(sum(views)) AS page_views
    FROM (%(by_page)s) AS by_page
    GROUP BY page
) AS landed
GLOBAL ANY LEFT JOIN
(
    SELECT page, toUInt64(sum(tokens)) AS shares
    FROM (%(acts)s) AS acts
    WHERE kind = 'share'
    GROUP BY page
) AS passed_on USING (page)
