-- Lines that are no page requests, since a person's browser asked. Grain: one line.
-- Parameters: feed_query; the table import_persons holds the hashes of the browsers.
CREATE TEMPORARY TABLE import_declined ENGINE = Memory AS
SELECT number
FROM import_lines
WHERE verdict = 'page' AND (method = 'HEAD' OR match(queryString(target), %(feed_query)s))
    AND xxh3(agent) IN (SELECT agent_hash FROM import_persons)
