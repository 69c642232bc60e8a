-- Mutations of a table that are not done. Parameters: table. Columns: n, trouble.
SELECT count() AS n, max(latest_fail_reason) AS trouble FROM system.mutations
WHERE database = currentDatabase() AND table = %(table)s AND is_done = 0
