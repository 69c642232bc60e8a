-- What visitors did besides viewing pages: conversions, interactions and measured engagement.
-- Grain: one hit and day: after midnight it may belong to a run of the day before. Parameters: site,
-- begin, end (UTC), margin (seconds), days (how many), nth_from and nth (expressions: the first
-- and the last day on which somebody's run may be that was at it at a `moment`).
-- Engaged time is the value of an engagement in seconds, its name how far was scrolled, in percent.
CREATE TEMPORARY TABLE acts AS
SELECT visitor, id, moment AS at, nth, kind, name, value, currency
FROM
(
    SELECT
        visitor, id, toUInt32(ts) AS moment, toString(kind) AS kind, toString(name) AS name, value,
        toString(currency) AS currency, arrayJoin(arrayDistinct([%(nth_from)s, %(nth)s])) AS nth
    FROM hits
    WHERE site = %(site)s
        AND ts >= %(begin)s AND ts < %(end)s + %(margin)s
        AND kind IN ('conversion', 'interaction', 'engagement')
        AND agent_kind IN ('', 'browser', 'in_app')
) AS on_days
WHERE nth >= 1 AND nth <= %(days)s
LIMIT 1 BY nth, visitor, id
