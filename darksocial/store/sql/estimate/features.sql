-- The features of tagged and untagged arrivals, as codes; darksocial/estimator/features.py has
-- their names in the order of the codes. 0 is unknown.
-- Grain: one arrival of role 1 or 2. Parameters: levels (expressions) and groups (how many for the
-- jackknife).
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
    %(levels)s,
    clock,
    sipHash64(page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age,
        clock) AS cell
FROM est_looked
