-- The previews of tokens among a frame's hits.
INSERT INTO previews (site, token, ts, recorded, id, application, application_kind, host, path, source)
SELECT site, token, ts, recorded, id, agent_application, agent_application_kind, host, path, source
FROM hits
WHERE kind = 'preview' AND token_state IN ('valid', 'link')
