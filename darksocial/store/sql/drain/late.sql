-- Tokens and codes of which a share or a preview is among the enriched hits.
-- Columns: site, token, since (seconds since 1970): visits before that are not explained by it.
SELECT site, token, toUInt32(greatest(min(since), 0)) AS since
FROM
(
    SELECT site, token, toInt64(0) AS since FROM raw WHERE kind = 'share' AND token != ''
    UNION ALL
    SELECT site, any_token AS token, intDiv(ts, 1000) AS since
    FROM (SELECT site, any_token, ts, kind, agent_key, token_key FROM keyed WHERE token_key != 0)
        AS brought
    ANY LEFT JOIN agents USING (agent_key)
    ANY LEFT JOIN tokens USING (token_key)
    WHERE token_state IN ('valid', 'link') AND (kind = 'preview'
        OR (agent_kind = 'preview' AND kind IN ('pageview', 'click', 'pixel')))
) AS reported
GROUP BY site, token
