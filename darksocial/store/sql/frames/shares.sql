-- The shares among a frame's hits.
INSERT INTO shares (site, token, ts, recorded, id, visitor, parent, method, application, host, path, source)
SELECT site, token, ts, recorded, id, visitor, parent, method, name, host, path, source
FROM hits
WHERE kind = 'share' AND token != '' AND agent_kind IN ('', 'browser', 'in_app')
