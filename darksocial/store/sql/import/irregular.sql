-- How many lines of the chunk have to be read the slow way. Columns: n.
SELECT count() AS n FROM import_lines WHERE reason = 'irregular'
