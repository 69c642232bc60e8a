-- What the new page requests are, once the agents are known. Columns: kind, n.
SELECT
    multiIf(agent_kind = 'preview', 'previews', agent_kind IN ('', 'browser', 'in_app'), 'page_views',
        'bots') AS kind,
    count() AS n
FROM (SELECT agent_key FROM keyed) AS hit
ANY LEFT JOIN agents USING (agent_key)
GROUP BY kind
