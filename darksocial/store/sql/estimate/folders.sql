-- What lies below a path: different paths that were visited, one and two levels down.
-- Grain: one folder and level. No parameters. Columns: host, bare_path, below.
CREATE TEMPORARY TABLE est_folders AS
SELECT host, bare_path, count() AS below
FROM
(
    SELECT DISTINCT host, place, replaceRegexpOne(place, '/[^/]*$', '') AS bare_path
    FROM
    (
        SELECT host, replaceRegexpOne(lower(path), '/(index\\.[a-z]+)?$', '') AS place
        FROM est_arrivals
    ) AS trimmed
    WHERE place != ''
) AS parents
WHERE bare_path != ''
GROUP BY host, bare_path
UNION ALL
SELECT host, bare_path, count() AS below
FROM
(
    SELECT DISTINCT host, place, replaceRegexpOne(place, '/[^/]*/[^/]*$', '') AS bare_path
    FROM
    (
        SELECT host, replaceRegexpOne(lower(path), '/(index\\.[a-z]+)?$', '') AS place
        FROM est_arrivals
    ) AS trimmed
    WHERE match(place, '^(/[^/]*){3}')
) AS grandparents
WHERE bare_path != ''
GROUP BY host, bare_path
