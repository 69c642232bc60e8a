-- What was changed of managed links, one row a change: the history, and what `links` does not
-- hold. `expires` is in seconds since 1970, 0 for never; `done_by` names the account, if any.
CREATE TABLE IF NOT EXISTS link_changes
(
    number UInt64,
    version UInt64,
    done_by String,
    destination String,
    kind String,
    label String,
    expires UInt32,
    disabled UInt8
)
ENGINE = MergeTree
ORDER BY (number, version)
