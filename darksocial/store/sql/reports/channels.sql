-- Visits by channel and application. Parameters: site, first, last.
-- Columns: channel, application, application_kind, visits, page_views, reported_direct.
SELECT
    channel, application, application_kind,
    count() AS visits, toUInt64(sum(pages)) AS page_views,
    countIf(reported_channel = 'Direct') AS reported_direct
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
GROUP BY channel, application, application_kind
ORDER BY visits DESC, channel, application
