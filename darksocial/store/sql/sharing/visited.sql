-- What came of each token: visits of others than the sharer, each visitor once a day.
-- Grain: one token or code. Parameters: site.
-- Reloads are no visits at all; returns, bookmarks and the sharer's own looks are left out.
CREATE TEMPORARY TABLE sharing_visits AS
SELECT
    token, count() AS visits, toUInt64(sum(made)) AS conversions,
    toUInt64(countIf(made > 0)) AS converting
FROM
(
    SELECT token, conversions AS made
    FROM visits
    WHERE site = %(site)s AND token != '' AND token_state IN ('valid', 'link')
        AND channel != 'internal' AND evidence != 'own_share' AND repeated = 0
        AND NOT (returning = '1' AND url_seen = '1')
) AS counted
GROUP BY token
