-- Whose log-in an id is, where it is in force. Parameters: id (its hash), now (seconds since 1970).
-- Columns: account.
SELECT account
FROM
(
    SELECT argMax(account, version) AS account, max(ended) AS finished, max(toUInt32(expires)) AS until
    FROM logins WHERE id = %(id)s GROUP BY id
) AS newest
WHERE finished = 0 AND until > %(now)s
