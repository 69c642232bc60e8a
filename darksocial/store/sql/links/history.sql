-- What was changed of a link, the oldest first. Parameters: number.
-- Columns: version, done_by, destination, kind, label, expires, disabled.
SELECT version, done_by, destination, kind, label, expires, disabled
FROM link_changes WHERE number = %(number)s
ORDER BY version
