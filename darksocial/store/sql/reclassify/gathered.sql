-- A visitor's steps in the order of time, as often as they were recorded.
-- Grain: one visitor. Parameters: site, begin, end (UTC), margin (seconds), step (an expression),
-- mask (see `step`).
-- `repeats` counts those that were recorded before.
CREATE TEMPORARY TABLE gathered AS
SELECT
    visitor, arraySort(listed_steps) AS steps,
    toUInt64(length(steps) - length(arrayDistinct(arrayMap(x -> bitAnd(x, %(mask)s), steps))))
        AS repeats,
    acts
FROM
(
    SELECT
        visitor,
        groupArray(%(step)s) AS listed_steps,
        countIf(kind IN ('conversion', 'interaction', 'engagement')) AS acts
    FROM hits
    WHERE site = %(site)s
        AND ts >= %(begin)s - %(margin)s AND ts < %(end)s + %(margin)s
        AND kind NOT IN ('click', 'preview')
        AND agent_kind IN ('', 'browser', 'in_app')
    GROUP BY visitor
) AS listed
