-- Months of recording of which a table holds rows. Parameters: table.
SELECT DISTINCT partition AS month FROM system.parts
WHERE database = currentDatabase() AND table = %(table)s AND active
