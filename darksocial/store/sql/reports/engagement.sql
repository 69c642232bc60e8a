-- What visits were worth, by channel and application. Parameters: site, first, last.
-- Columns: channel, application, visits, measured, engaged_seconds, scroll_percent, interactions,
-- conversions. `engaged_seconds` and `scroll_percent` are means over the measured visits: those
-- of which engagement was reported.
SELECT
    channel, application, count() AS visits, countIf(engaged > 0 OR scroll > 0) AS measured,
    toUInt64(if(measured = 0, 0, round(sum(engaged) / measured))) AS engaged_seconds,
    toUInt64(if(measured = 0, 0, round(sum(scroll) / measured))) AS scroll_percent,
    toUInt64(sum(interactions)) AS interactions, toUInt64(sum(conversions)) AS conversions
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
GROUP BY channel, application
ORDER BY visits DESC, channel, application
