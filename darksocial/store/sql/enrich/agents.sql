-- Distinct user agents. Columns: agent_key, agent.
SELECT agent_key, any(agent) AS agent FROM keyed GROUP BY agent_key
