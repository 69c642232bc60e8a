-- What visits were worth, by channel and application. Parameters: ways (the statement daily/ways).
-- Columns: channel, application, visits, measured, engaged_seconds, scroll_percent, interactions,
-- conversions. `engaged_seconds` and `scroll_percent` are means over the measured visits: those
-- of which engagement was reported.
SELECT
    channel, application, visits, measured_visits AS measured,
    toUInt64(if(measured_visits = 0, 0, round(seconds / measured_visits))) AS engaged_seconds,
    toUInt64(if(measured_visits = 0, 0, round(depth / measured_visits))) AS scroll_percent,
    interactions, conversions
FROM
(
    SELECT
        channel, application, toUInt64(sum(n)) AS visits,
        toUInt64(sum(measured)) AS measured_visits, sum(engaged) AS seconds,
        sum(scrolled) AS depth, toUInt64(sum(acted)) AS interactions,
        toUInt64(sum(made)) AS conversions
    FROM (%(ways)s) AS ways
    WHERE channel != 'internal'
    GROUP BY channel, application
) AS summed
ORDER BY visits DESC, channel, application
