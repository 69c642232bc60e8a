-- What was refused, by reason. Columns: reason, code, method, n.
SELECT reason, code, method, count() AS n
FROM import_lines
WHERE reason NOT IN ('', 'irregular')
GROUP BY reason, code, method
