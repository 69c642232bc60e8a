-- Distinct user agents with their client hints. Columns: agent_key, agent, hints.
SELECT agent_key, any(agent) AS agent, any(hints) AS hints FROM keyed GROUP BY agent_key
