-- Interactions that the snippet recorded, by their names. Parameters: acts (the statement daily/acts).
-- Columns: name, n.
SELECT name, toUInt64(sum(done)) AS n
FROM (SELECT name, n AS done FROM (%(acts)s) AS acts WHERE kind = 'interaction' AND program = 0)
    AS interactions
GROUP BY name
ORDER BY n DESC, name
LIMIT 100
