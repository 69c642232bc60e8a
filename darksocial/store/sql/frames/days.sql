-- Publications of a frame's days, so that reports work on frames too. Parameters: site.
INSERT INTO days (site, day, published, seen, page_views, visits, shares, previews, bots)
SELECT
    %(site)s, day, toUInt64(1), toUInt64(1), toUInt64(sum(page_views)), toUInt64(sum(arrivals)),
    toUInt64(sum(share)), toUInt64(sum(preview)), toUInt64(sum(bot))
FROM
(
    SELECT day, pages AS page_views, channel != 'internal' AS arrivals,
        0 AS share, 0 AS preview, 0 AS bot
    FROM visits
    UNION ALL
    SELECT toDate(ts) AS day, 0 AS page_views, 0 AS arrivals, kind = 'share' AND person AS share,
        kind = 'preview' AS preview,
        kind != 'preview' AND NOT person AS bot
    FROM (SELECT *, agent_kind IN ('', 'browser', 'in_app') AS person FROM hits) AS known
) AS counted
GROUP BY day
