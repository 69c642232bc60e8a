-- Hits that reports ask for beside visits: shares, interactions, clicks and previews of links.
-- Grain: one hit. Columns: those of hits.
SELECT *
FROM hits
WHERE (kind IN ('share', 'interaction') AND agent_kind IN ('', 'browser', 'in_app'))
    OR (kind IN ('click', 'preview') AND token_state = 'link')
