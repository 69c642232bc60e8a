-- Conversions of the visits of a range of days. Grain: one visit and currency.
-- Parameters: outcomes (the statement daily/outcomes). Columns: visitor, id, reported_channel,
-- channel, application, currency, n, worth.
CREATE TEMPORARY TABLE credit_outcomes AS
SELECT visitor, id, reported_channel, channel, application, currency, n, worth
FROM (%(outcomes)s) AS outcomes
