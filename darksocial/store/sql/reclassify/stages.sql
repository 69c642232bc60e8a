-- Tables of days that are being computed, or whose computation died. Columns: name.
SELECT name FROM system.tables
WHERE database = currentDatabase() AND startsWith(name, 'visits_stage_')
