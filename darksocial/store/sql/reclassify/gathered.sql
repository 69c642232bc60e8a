-- A visitor's steps in the order of time, each once however often its hit was recorded.
-- Grain: one visitor. Parameters: site, begin, end (UTC), margin (seconds).
-- A step is a tuple (time, 0 for an arrival and 1 else, id, 1 for a page view and 0 else).
-- An arrival is a page view that did not come from the site itself and is no reload or back.
CREATE TEMPORARY TABLE gathered AS
SELECT
    visitor,
    arrayFilter((x, n) -> n = 1, repeated,
        arrayEnumerateUniq(arrayMap(x -> tupleElement(x, 3), repeated))) AS steps,
    toUInt64(length(repeated) - length(steps)) AS repeats
FROM
(
    SELECT
        visitor,
        arraySort(groupArray(tuple(
            toUInt32(ts),
            toUInt8(NOT (kind = 'pageview' AND internal = 0
                AND navigation NOT IN ('reload', 'back_forward'))),
            id,
            toUInt8(kind = 'pageview')))) AS repeated
    FROM hits
    WHERE site = %(site)s
        AND toDate(ts) BETWEEN toDate(%(begin)s - %(margin)s) AND toDate(%(end)s + %(margin)s)
        AND ts >= %(begin)s - %(margin)s AND ts < %(end)s + %(margin)s
        AND kind NOT IN ('click', 'preview', 'pixel')
        AND agent_kind IN ('', 'browser', 'in_app')
    GROUP BY visitor
) AS packed
