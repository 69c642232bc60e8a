-- Arrivals on deep pages. Grain: one row. No parameters. Columns: deep_tagged, deep_untagged.
SELECT countIf(role = 1) AS deep_tagged, countIf(role = 2) AS deep_untagged
FROM est_features
WHERE page = 3
