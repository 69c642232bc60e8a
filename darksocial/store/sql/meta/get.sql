-- A value of the installation. Parameters: name. Columns: value (no row where there is none).
SELECT argMax(value, version) AS value FROM meta WHERE name = %(name)s GROUP BY name
