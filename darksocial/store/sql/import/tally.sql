-- What the lines of a chunk are. Columns: verdict, code, method (where the verdict is about it),
-- n; first and last time (seconds since 1970).
SELECT
    toString(verdict) AS verdict, code, if(verdict = 'method', method, '') AS method,
    count() AS n, min(ts) AS first, max(ts) AS last
FROM import_lines
GROUP BY verdict, code, method
