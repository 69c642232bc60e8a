-- Which of the chunk's hits the store has already. Parameters: site; first and last (seconds
-- since 1970); resumed (an import that was interrupted, whose own hits come again, or '').
-- Columns: id.
SELECT DISTINCT id
FROM hits
WHERE site = %(site)s
    AND toDate(ts) BETWEEN toDate(toDateTime(%(first)s, 'UTC')) AND toDate(toDateTime(%(last)s, 'UTC'))
    AND toUInt32(ts) BETWEEN %(first)s AND %(last)s
    AND source != %(resumed)s
    AND id GLOBAL IN (SELECT id FROM import_ids)
