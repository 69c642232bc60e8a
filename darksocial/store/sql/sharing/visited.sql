-- What came of each token: visits of others than the sharer, each visitor once a day.
-- Grain: one token or code, with the times of the visits. Parameters: tokens (the statement daily/tokens).
-- Reloads are no visits at all; returns, bookmarks and the sharer's own looks are left out.
CREATE TEMPORARY TABLE sharing_visits AS
SELECT
    token, toUInt64(sum(others)) AS visits, toUInt64(sum(others_made)) AS conversions,
    toUInt64(sum(conv)) AS converting, groupArrayArray(came) AS times
FROM
(
    SELECT token, others, others_made, converting AS conv, times AS came
    FROM (%(tokens)s) AS tokens
) AS counted
WHERE token != ''
GROUP BY token
