-- A visitor's steps in the order of time, as often as they were recorded.
-- Grain: one visitor, with those of whom `crosses` is 0 also one day. Parameters: site, begin, end (UTC),
-- margin (seconds), step (an expression), high and mask (see `step`), nth_of_first and nth_of_last
-- (expressions: the day on which `first_at` and `last_at` are, from 1; 0 is before the first).
-- `repeats` counts steps that were recorded before; `crosses` says that they are on more than one
-- day, or on one that is not computed. What `shift` and `until` are, says `parted`.
CREATE TEMPORARY TABLE gathered AS
SELECT
    visitor, arraySort(listed_steps) AS steps,
    toUInt64(length(steps) - arrayUniq(arrayMap(x -> bitAnd(x, %(mask)s), steps))) AS repeats,
    acts,
    toUInt32(bitShiftRight(steps[1], %(high)s) + toUInt32(%(begin)s - %(margin)s)) AS first_at,
    toUInt32(bitShiftRight(steps[-1], %(high)s) + toUInt32(%(begin)s - %(margin)s)) AS last_at,
    toUInt8(%(nth_of_first)s != %(nth_of_last)s) AS crosses,
    toUInt32(0) AS shift, toUInt32(%(end)s) AS until
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
