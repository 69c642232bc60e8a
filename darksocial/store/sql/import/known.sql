-- Which of the chunk's hits the store has already. Parameters: site; first and last (seconds
-- since 1970); resumed (an import that was interrupted, whose own hits come again, or '').
-- Columns: id.
SELECT DISTINCT id
FROM hits
WHERE site = %(site)s
    AND ts BETWEEN toDateTime(%(first)s, 'UTC') AND toDateTime(%(last)s, 'UTC')
    AND source != %(resumed)s
    AND id GLOBAL IN (SELECT id FROM import_ids)
