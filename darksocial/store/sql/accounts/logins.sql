-- The log-ins of an account that were not ended. Parameters: account. Columns: id (its hash).
SELECT id
FROM (SELECT id, max(ended) AS finished FROM logins WHERE account = %(account)s GROUP BY id) AS newest
WHERE finished = 0
ORDER BY id
