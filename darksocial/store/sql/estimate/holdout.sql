-- How often deep pages were passed on, with and without the holdout, and who came to them.
-- Grain: one deep page with acts that may have been passed on. Parameters: site, begin, end (UTC), groups.
-- Acts are shares where those of the holdout are reported, else page views by browsers.
-- Columns: grp, shares and held_shares, views and held_views, tagged, untagged, public (visits
-- from search engines and other public places).
SELECT
    toUInt8(page_key % %(groups)s) AS grp, shares, held_shares, views, held_views,
    toUInt64(came_tagged) AS tagged, toUInt64(came_untagged) AS untagged,
    toUInt64(came_public) AS public
FROM
(
    SELECT
        sipHash64(CAST(host AS String), CAST(path AS String)) AS page_key,
        countIf(kind = 'share' AND (token != '' OR name = 'holdout')) AS shares,
        countIf(kind = 'share' AND name = 'holdout') AS held_shares,
        countIf(kind = 'pageview' AND agent_kind = 'browser') AS views,
        countIf(kind = 'pageview' AND agent_kind = 'browser' AND name = 'holdout') AS held_views
    FROM hits
    WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND kind IN ('share', 'pageview')
    GROUP BY page_key
) AS acted
GLOBAL ANY LEFT JOIN
(
    SELECT
        page_key, countIf(role = 1) AS came_tagged, countIf(role = 2) AS came_untagged,
        countIf(role IN (3, 4)) AS came_public
    FROM est_arrivals
    GROUP BY page_key
) AS landed USING (page_key)
WHERE page_key IN (SELECT page_key FROM est_pages WHERE page = 3)
