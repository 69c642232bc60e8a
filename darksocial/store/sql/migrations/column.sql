-- Whether a table has a column. Parameters: table, column. Columns: name, in a row where it has.
SELECT name FROM system.columns
WHERE database = currentDatabase() AND table = %(table)s AND name = %(column)s
