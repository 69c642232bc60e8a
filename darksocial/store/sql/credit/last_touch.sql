-- Conversions with all credit for the visit in which they were made, or which that continues.
-- Grain and columns are those of credit/shared_out.
SELECT
    reported_channel, channel, application, currency, count() AS visits,
    round(sum(n), 4) AS conversions, round(sum(worth), 4) AS value
FROM
(
    SELECT reported_channel, channel, application, currency, n, worth
    FROM credit_outcomes
    WHERE visitor NOT IN (SELECT visitor FROM credit_followed)
    UNION ALL
    SELECT
        max(if(opens = 1, reported_channel, '')) AS reported_channel,
        max(if(opens = 1, channel, '')) AS channel,
        max(if(opens = 1, application, '')) AS application, currency, sum(n) AS n,
        sum(worth) AS worth
    FROM credit_steps
    GROUP BY visitor, currency, number
    HAVING n > 0
) AS last
GROUP BY reported_channel, channel, application, currency
ORDER BY conversions DESC, value DESC, reported_channel, channel, application, currency
