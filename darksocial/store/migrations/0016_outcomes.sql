-- Conversions of published days, beside the other sums that are kept of them (0013): days that were
-- kept without them are kept anew. What the columns mean stands in sql/daily/outcomes.sql.
CREATE TABLE IF NOT EXISTS daily_outcomes
(
    site String,
    day Date,
    kept UInt64,
    visitor UInt64,
    id UInt64,
    reported_channel String,
    channel String,
    application String,
    currency String,
    n Float64,
    worth Float64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);

TRUNCATE TABLE daily_kept;
