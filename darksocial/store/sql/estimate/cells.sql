-- How many tagged and untagged arrivals have the same features, in two halves of the pages.
-- Grain: one half and cell. No parameters. Columns: half, the features, tagged, untagged.
SELECT
    toUInt8(grp % 2) AS half,
    page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age, clock,
    countIf(role = 1) AS tagged, countIf(role = 2) AS untagged
FROM est_features
GROUP BY
    half, page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age,
    clock
