-- The features of tagged and untagged arrivals, as codes; darksocial/estimator/features.py has
-- their names in the order of the codes. 0 is unknown.
-- Grain: one arrival of role 1 or 2. Parameters: told (1 where tokens are known at all) and
-- groups (how many for the jackknife).
-- cell: a key of the features together. grp: by page; front pages and sections by page and day,
-- since there are few of them.
CREATE TEMPORARY TABLE est_features AS
SELECT
    id, visitor, role, day_number,
    toUInt8(if(page = 3, sipHash64(page_key), sipHash64(page_key, day_number)) % %(groups)s) AS grp,
    page, length, device,
    toUInt8(multiIf(given > 0, given, first_here > 0 AND first_here < at, 3,
        first_at > 0 AND first_at < at, 2, 0)) AS visitor_kind,
    navigation, fetch,
    toUInt8(multiIf(%(told)s = 0, 0, made_2h > 0, 5, made_6h > 0, 4, made_24h > 0, 3, made_7d > 0, 2, 1))
        AS shared,
    toUInt8(multiIf(%(told)s = 0, 0, made_24h <= 0, 1, made_24h < 2, 2, made_24h < 4, 3,
        made_24h < 8, 4, 5)) AS sharing,
    toUInt8(multiIf(came_24h <= 0, 1, came_24h < 3, 2, came_24h < 8, 3, came_24h < 20, 4,
        came_24h < 60, 5, 6)) AS busy,
    toUInt8(multiIf(came_2h <= 0, 1, ratio < 1.5, 2, ratio < 4, 3, ratio < 12, 4, 5)) AS burst,
    toUInt8(multiIf(born = 0, 4, hour < born + 24, 1, hour < born + 72, 2, hour < born + 168, 3, 4))
        AS age,
    clock,
    sipHash64(page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age,
        clock) AS cell
FROM
(
    SELECT *, toFloat64(came_2h) * hours / (2 * greatest(toFloat64(direct) - 1, 0.5)) AS ratio
    FROM est_looked
) AS measured
