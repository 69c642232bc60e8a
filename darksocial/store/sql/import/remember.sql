-- Add a chunk's page requests to those that were seen. Parameters: seen (table).
INSERT INTO %(seen)s
SELECT ts, line_hash, count() AS n FROM import_lines
WHERE verdict = 'page' AND number NOT IN (SELECT number FROM import_declined)
GROUP BY ts, line_hash
