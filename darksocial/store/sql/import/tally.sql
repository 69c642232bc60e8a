-- What the lines of a chunk are. Columns: reason, code, method, n; first and last time (seconds
-- since 1970).
SELECT reason, code, method, count() AS n, min(ts) AS first, max(ts) AS last
FROM import_lines
GROUP BY reason, code, method
