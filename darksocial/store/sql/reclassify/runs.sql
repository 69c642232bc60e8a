-- Who did what in one go: a visitor's hits, cut at each arrival and after 30 quiet minutes.
-- Grain: one run of hits. Parameters: gathered (table: visitors and their steps), begin (UTC), margin
-- and gap (seconds), high and low (see `step`).
-- Columns: visitor, step (of the first hit), began, pages, seconds, arrived.
-- Hits around the day are read too, so that a visit over midnight stays one visit. Where one goes
-- on beyond the margin, the day before cannot see that: it is cut there, and the rest is a run of
-- this day. (`begun` counts the runs of this day so far: 0 is one that began before it.)
-- Most visitors leave one hit, which is one run without any cutting. See `step` for its bits.
-- Lambdas here use their arguments alone: old engines lose arrays that a lambda captures.
CREATE TEMPORARY TABLE runs AS
SELECT
    visitor, moved + bitShiftLeft(toUInt64(shift), %(high)s) AS step,
    toUInt32(moved_began + shift) AS began, pages, seconds, arrived
FROM
(
    SELECT
        visitor, shift, until, steps[1] AS moved,
        toUInt32(bitShiftRight(moved, %(high)s) + toUInt32(%(begin)s - %(margin)s)) AS moved_began,
        toUInt32(1) AS pages, toUInt32(0) AS seconds,
        toUInt8(bitAnd(bitShiftRight(moved, %(low)s), 6) != 4) AS arrived
    FROM %(gathered)s
    WHERE NOT crosses AND length(steps) = 1 AND bitAnd(bitShiftRight(moved, %(low)s), 1) = 1
) AS alone
WHERE moved_began >= toUInt32(%(begin)s) AND moved_began < until
UNION ALL
SELECT
    visitor, moved + bitShiftLeft(toUInt64(shift), %(high)s) AS step,
    toUInt32(moved_began + shift) AS began, pages, seconds, arrived
FROM
(
    SELECT
        visitor, shift, until,
        arrayFilter((x, f) -> f, steps, firsts) AS first_steps,
        arrayFilter((x, f) -> f, comes, firsts) AS first_comes,
        arrayFilter((x, f) -> f, times, firsts) AS begins,
        arrayPushBack(arrayPopFront(arrayFilter((x, f) -> f, befores, firsts)), times[-1]) AS ends,
        arrayFilter((x, f) -> f, arrayPushFront(arrayPopBack(seen), 0), firsts) AS seen_before,
        arrayPushBack(arrayPopFront(seen_before), seen[-1]) AS seen_after,
        arrayMap((a, b) -> toUInt32(b - a), begins, ends) AS lengths,
        arrayMap((a, b) -> toUInt32(b - a), seen_before, seen_after) AS views
    FROM
    (
        SELECT
            visitor, shift, until, steps, times, befores, comes, arrayCumSum(page_views) AS seen,
            arrayMap((t, b, o) -> toUInt8(o OR (t - b > %(gap)s)), times, befores, opens) AS pauses,
            arrayCumSum((p, t) -> p AND t >= toUInt32(%(begin)s), pauses, times) AS begun,
            arrayMap((p, n, t, b) -> toUInt8(p OR (n = 0
                AND t >= toUInt32(%(begin)s + %(margin)s) AND b < toUInt32(%(begin)s + %(margin)s))),
                pauses, begun, times, befores) AS firsts
        FROM
        (
            SELECT
                visitor, shift, until, steps,
                arrayMap(x -> toUInt32(bitShiftRight(x, %(high)s) + toUInt32(%(begin)s - %(margin)s)), steps)
                    AS times,
                arrayMap(x -> toUInt8(bitAnd(bitShiftRight(x, %(low)s), 7)), steps) AS marks,
                arrayPushFront(arrayPopBack(times), toUInt32(0)) AS befores,
                arrayMap(x -> toUInt8(bitAnd(x, 4) = 0), marks) AS opens,
                arrayMap(x -> toUInt8(bitAnd(x, 6) != 4), marks) AS comes,
                arrayMap(x -> toUInt8(bitAnd(x, 1)), marks) AS page_views
            FROM %(gathered)s
            WHERE NOT crosses AND length(steps) > 1
        ) AS unpacked
    ) AS cut
) AS listed
ARRAY JOIN
    first_steps AS moved, begins AS moved_began, first_comes AS arrived, views AS pages,
    lengths AS seconds
WHERE moved_began >= toUInt32(%(begin)s) AND moved_began < until AND pages > 0
