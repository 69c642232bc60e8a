-- Distinct user agents. Columns: agent_key.
SELECT DISTINCT agent_key FROM keyed
