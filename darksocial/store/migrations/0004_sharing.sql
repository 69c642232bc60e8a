-- Fetches of links by programs that show a preview, by token or link code: what names the
-- application of the silent clicks that follow. They hold no identifier and live as long as tokens.
CREATE TABLE IF NOT EXISTS previews
(
    site String,
    token String,
    ts DateTime('UTC'),
    recorded DateTime('UTC'),
    id UInt64,
    application String,
    application_kind String,
    host String,
    path String,
    source String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(recorded)
ORDER BY (site, token, id);

CREATE MATERIALIZED VIEW IF NOT EXISTS previews_feed TO previews AS
SELECT site, token, ts, recorded, id, toString(agent_application) AS application,
       toString(agent_application_kind) AS application_kind, toString(host) AS host,
       toString(path) AS path, toString(source) AS source
FROM hits
WHERE kind = 'preview' AND token_state IN ('valid', 'link');

INSERT INTO previews (site, token, ts, recorded, id, application, application_kind, host, path, source)
SELECT site, token, ts, recorded, id, toString(agent_application) AS application,
       toString(agent_application_kind) AS application_kind, toString(host) AS host,
       toString(path) AS path, toString(source) AS source
FROM hits
WHERE kind = 'preview' AND token_state IN ('valid', 'link');

-- What decided about a visit (a bit a fact, see the rules of evidence), whether its visitor had
-- come by the same token before, and what was done in it.
ALTER TABLE visits ADD COLUMN facts UInt32;

ALTER TABLE visits ADD COLUMN repeated UInt8;

ALTER TABLE visits ADD COLUMN interactions UInt32;

ALTER TABLE visits ADD COLUMN engaged UInt32;

ALTER TABLE visits ADD COLUMN scroll UInt8;

ALTER TABLE visits ADD COLUMN conversions UInt32;

ALTER TABLE visits ADD COLUMN conversion_names Array(String);

ALTER TABLE visits ADD COLUMN conversion_values Array(Float64);

ALTER TABLE visits ADD COLUMN conversion_currencies Array(String);
