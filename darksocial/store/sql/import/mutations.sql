-- Mutations of a table that are not done. Parameters: table. Columns: n.
SELECT count() AS n FROM system.mutations
WHERE database = currentDatabase() AND table = %(table)s AND is_done = 0
