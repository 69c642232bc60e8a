-- Hits as they arrived, whatever brought them: the fields of `model.Hit`.
-- Times in milliseconds since 1970. `agent`, `origin` and `place` are filled by `keyed`.
CREATE TEMPORARY TABLE raw
(
    id UInt64, ts Int64, kind String, site String, recorded Int64, visitor UInt64,
    url String, referrer String, user_agent String, hints String, token String, parent String,
    method String, code String, navigation String, fetch_site String, returning String,
    url_seen String, name String, value Float64, currency String, answer String,
    network String, source String
)
ENGINE = Memory
