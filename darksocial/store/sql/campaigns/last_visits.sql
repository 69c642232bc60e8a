-- The visit in which somebody passed a link on that nobody had passed on before: the last of the
-- same visitor before it, at most a day earlier. Grain: one share. Parameters: site.
-- Columns: token, id (of the visit).
CREATE TEMPORARY TABLE campaign_last_visits AS
SELECT token, argMax(id, tuple(ts, id)) AS id
FROM
(
    SELECT visitor, token, toUInt32(at) AS at
    FROM sharing_outcome WHERE kind = 'share' AND visitor != 0 AND parented = 0
) AS minted
GLOBAL ALL INNER JOIN
(
    SELECT visitor, id, toUInt32(ts) AS ts
    FROM visits
    WHERE site = %(site)s AND channel != 'internal' AND visitor IN
    (
        SELECT visitor FROM sharing_outcome
        WHERE kind = 'share' AND visitor != 0 AND parented = 0
    )
) AS came USING (visitor)
WHERE ts <= at AND at - ts <= 86400
GROUP BY token
