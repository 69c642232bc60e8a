-- Visits with what was converted in each, in two measures. Grain: one visit, currency and measure.
-- Columns: visitor, currency, measure (n or worth), number, amount, reported_channel, channel,
-- application.
CREATE TEMPORARY TABLE credit_touches AS
SELECT
    visitor, currency, measure, number, sum(amount) AS amount,
    max(if(opens = 1, reported_channel, '')) AS reported_channel,
    max(if(opens = 1, channel, '')) AS channel, max(if(opens = 1, application, '')) AS application
FROM
(
    SELECT visitor, currency, 'n' AS measure, number, n AS amount, opens, reported_channel,
        channel, application
    FROM credit_steps
    UNION ALL
    SELECT visitor, currency, 'worth' AS measure, number, worth AS amount, opens,
        reported_channel, channel, application
    FROM credit_steps
) AS measured
GROUP BY visitor, currency, measure, number
