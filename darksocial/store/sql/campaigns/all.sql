-- Campaigns in force. Parameters: site. Columns: name, begins, ends (1970-01-01 for no end), tags,
-- codes, goal, target.
SELECT name, begins, ends, tags, codes, goal, target
FROM
(
    SELECT
        name, argMax(from_day, version) AS begins, argMax(to_day, version) AS ends,
        argMax(words, version) AS tags, argMax(links, version) AS codes,
        argMax(wanted, version) AS goal, argMax(many, version) AS target,
        argMax(deleted, version) AS gone
    FROM
    (
        SELECT
            name, begins AS from_day, ends AS to_day, tags AS words, codes AS links,
            goal AS wanted, target AS many, deleted, version
        FROM campaigns WHERE site = %(site)s
    ) AS every
    GROUP BY name
) AS newest
WHERE gone = 0
ORDER BY begins, name
