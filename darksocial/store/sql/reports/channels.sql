-- Visits by channel and application. Parameters: ways (the statement daily/ways).
-- Columns: channel, application, application_kind, visits, page_views, reported_direct.
SELECT
    channel, application, application_kind,
    toUInt64(sum(n)) AS visits, toUInt64(sum(views)) AS page_views,
    toUInt64(sumIf(n, reported_channel = 'Direct')) AS reported_direct
FROM (%(ways)s) AS ways
WHERE channel != 'internal'
GROUP BY channel, application, application_kind
ORDER BY visits DESC, channel, application
