-- The steps of visitors who were there on several days, day by day, each with those of the margin
-- around it. Grain: one visitor on one day. Parameters: begin (UTC), margin (seconds), high (see `step`),
-- nth_from and nth_to (expressions: the first and the last day that a `moment` belongs to), days (how
-- many), shift and until (expressions by `nth`).
-- Days are cut alike: the steps of each are moved by `shift` seconds, as if it were the first, of
-- which `until` is the end.
INSERT INTO gathered (visitor, steps, repeats, acts, first_at, last_at, crosses, shift, until)
SELECT
    visitor, arraySort(moved_steps) AS moved, 0 AS no_repeats, 0 AS no_acts, 0 AS at_first,
    0 AS at_last, toUInt8(0) AS crosses_none, toUInt32(%(shift)s) AS moved_by,
    toUInt32(%(until)s) AS moved_until
FROM
(
    SELECT
        visitor, nth,
        groupArray(toUInt64(step - bitShiftLeft(toUInt64(%(shift)s), %(high)s))) AS moved_steps
    FROM
    (
        SELECT visitor, step, arrayJoin(arrayDistinct([%(nth_from)s, %(nth_to)s])) AS nth
        FROM
        (
            SELECT
                visitor, step,
                toUInt32(bitShiftRight(step, %(high)s) + toUInt32(%(begin)s - %(margin)s)) AS moment
            FROM gathered ARRAY JOIN steps AS step
            WHERE crosses
        ) AS single_steps
    ) AS on_days
    WHERE nth >= 1 AND nth <= %(days)s
    GROUP BY visitor, nth
) AS by_day
