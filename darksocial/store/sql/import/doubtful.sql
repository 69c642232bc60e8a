-- Who asked for what is a page request only where a program asked: a HEAD, or a feed.
-- Parameters: feed_query. Columns: agent_hash, agent_text, head (1 for a HEAD), n.
SELECT
    xxh3(agent) AS agent_hash, any(toValidUTF8(substring(agent, 1, 1024))) AS agent_text,
    method = 'HEAD' AS head, count() AS n
FROM import_lines
WHERE verdict = 'page' AND (method = 'HEAD' OR match(queryString(target), %(feed_query)s))
GROUP BY agent_hash, head
