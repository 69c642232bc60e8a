-- A visitor's steps in the order of time, each once however often its hit was recorded.
-- Grain: one visitor. Parameters: site, begin, end (UTC), margin (seconds).
-- A step is a tuple (packed, id): 8 x time + 4 unless it is an arrival + 2 if it is a pixel + 1 if
-- it is a page view; arrays of plain numbers are gathered many times as fast as arrays of tuples.
-- An arrival is a page view that did not come from the site itself and is no reload or back.
-- A pixel is the page view of somebody without JavaScript. It cannot know the referrer, so it
-- begins a visit only after a pause: else each page of such a visit would be an arrival.
CREATE TEMPORARY TABLE gathered AS
SELECT
    visitor,
    arraySort(arrayMap((p, i) -> tuple(p, i), packed, ids)) AS repeated,
    arrayFilter((x, n) -> n = 1, repeated,
        arrayEnumerateUniq(arrayMap(x -> tupleElement(x, 2), repeated))) AS steps,
    toUInt64(length(repeated) - length(steps)) AS repeats, acts
FROM
(
    SELECT
        visitor,
        groupArray(toUInt64(toUInt32(ts)) * 8
            + 4 * (NOT (kind = 'pageview' AND internal = 0
                AND navigation NOT IN ('reload', 'back_forward')))
            + 2 * (kind = 'pixel') + (kind IN ('pageview', 'pixel'))) AS packed,
        groupArray(id) AS ids,
        countIf(kind IN ('conversion', 'interaction', 'engagement')) AS acts
    FROM hits
    WHERE site = %(site)s
        AND ts >= %(begin)s - %(margin)s AND ts < %(end)s + %(margin)s
        AND kind NOT IN ('click', 'preview')
        AND agent_kind IN ('', 'browser', 'in_app')
    GROUP BY visitor
) AS listed
