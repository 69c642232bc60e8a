-- Conversions of the visits of a range of days. Grain: one visit and currency.
-- Parameters: site, first, last. Columns: visitor, id, reported_channel, channel, application,
-- currency, n, worth.
CREATE TEMPORARY TABLE credit_outcomes AS
SELECT
    visitor, id, reported_channel, channel, application, currency, toFloat64(count()) AS n,
    sum(paid) AS worth
FROM
(
    SELECT
        visitor, id, toString(reported_channel) AS reported_channel, toString(channel) AS channel,
        toString(application) AS application, conversion_values, conversion_currencies
    FROM visits
    WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND conversions > 0
) AS converting
ARRAY JOIN conversion_values AS paid, conversion_currencies AS currency
GROUP BY visitor, id, reported_channel, channel, application, currency
