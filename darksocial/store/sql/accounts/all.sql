-- All accounts in force. Columns: name, role, password, language.
SELECT name, role, password, language
FROM
(
    SELECT
        name, argMax(role, version) AS role, argMax(password, version) AS password,
        argMax(language, version) AS language, argMax(deleted, version) AS gone
    FROM accounts GROUP BY name
) AS newest
WHERE gone = 0
ORDER BY name
