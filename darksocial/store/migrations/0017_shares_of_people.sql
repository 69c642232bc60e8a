-- Shares are what people pass on: a program that fires a page's copy event counts as a bot, as
-- everywhere else.
DROP TABLE IF EXISTS shares_feed;

CREATE MATERIALIZED VIEW IF NOT EXISTS shares_feed TO shares AS
SELECT site, token, ts, recorded, id, visitor, parent, method, name AS application,
       host, path, source
FROM hits
WHERE kind = 'share' AND token != '' AND agent_kind IN ('', 'browser', 'in_app');
