-- How many tagged and untagged arrivals have the same features, by groups of pages.
-- Grain: one group and cell. No parameters. Columns: grp, the features, tagged, untagged.
SELECT
    grp,
    page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age, clock,
    countIf(role = 1) AS tagged, countIf(role = 2) AS untagged
FROM est_features
GROUP BY
    grp, page, length, device, visitor_kind, navigation, fetch, shared, sharing, busy, burst, age,
    clock
