-- Codes of all links in force. Columns: code.
SELECT code
FROM
(
    SELECT argMax(code, version) AS code, argMax(deleted, version) AS gone
    FROM links GROUP BY number
) AS newest
WHERE gone = 0
