-- The page requests of a chunk. Columns: n, first and last (seconds since 1970).
SELECT count() AS n, min(ts) AS first, max(ts) AS last FROM import_lines WHERE reason = ''
