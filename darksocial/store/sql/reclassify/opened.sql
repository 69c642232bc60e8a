-- Arrivals that brought a token or code. Grain: one arrival. Parameters: arrivals (table), begin and
-- end (UTC) of one day.
-- Small beside `arrivals`: what is joined by tokens is joined to these alone.
CREATE TEMPORARY TABLE opened AS
SELECT visitor, step, token, token_state, toUInt32(ts) AS at
FROM %(arrivals)s
WHERE token != '' AND arrived = 1 AND token_state IN ('valid', 'link')
    AND ts >= %(begin)s AND ts < %(end)s
