-- Hits as they arrived, whatever brought them: the fields of `model.Hit`.
-- Times in milliseconds since 1970. `agent`, `origin` and `place` are filled by `keyed`.
-- What is made of a text is made once for each distinct one of a block.
CREATE TEMPORARY TABLE raw
(
    id UInt64, ts Int64, kind LowCardinality(String), site LowCardinality(String), recorded Int64,
    visitor UInt64, url LowCardinality(String), referrer LowCardinality(String),
    user_agent LowCardinality(String), hints LowCardinality(String), token String, parent String,
    method LowCardinality(String), code LowCardinality(String), navigation LowCardinality(String),
    fetch_site LowCardinality(String), returning LowCardinality(String),
    url_seen LowCardinality(String), name LowCardinality(String), value Float64,
    currency LowCardinality(String), answer LowCardinality(String), network LowCardinality(String),
    source LowCardinality(String)
)
ENGINE = Memory
