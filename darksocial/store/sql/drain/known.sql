-- Which of these segments are stored already. Parameters: names. Columns: name.
SELECT DISTINCT name FROM segments WHERE name IN %(names)s
