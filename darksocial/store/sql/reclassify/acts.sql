-- What visitors did besides viewing pages: conversions, interactions and measured engagement.
-- Grain: one hit. Parameters: site, begin, end (UTC), margin (seconds).
-- Engaged time is the value of an engagement in seconds, its name how far was scrolled, in percent.
CREATE TEMPORARY TABLE acts AS
SELECT visitor, id, toUInt32(ts) AS at, toString(kind) AS kind, toString(name) AS name, value,
    toString(currency) AS currency
FROM hits
WHERE site = %(site)s
    AND ts >= %(begin)s AND ts < %(end)s + %(margin)s
    AND kind IN ('conversion', 'interaction', 'engagement')
    AND agent_kind IN ('', 'browser', 'in_app')
LIMIT 1 BY visitor, id
