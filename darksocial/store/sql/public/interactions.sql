-- Interactions that the snippet recorded, by their names. Parameters: site, first, last, timezone.
-- Columns: name, n.
SELECT toString(name) AS name, uniqExact(id) AS n
FROM hits
WHERE site = %(site)s AND kind = 'interaction' AND agent_kind IN ('', 'browser', 'in_app')
    AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
GROUP BY name
ORDER BY n DESC, name
LIMIT 100
