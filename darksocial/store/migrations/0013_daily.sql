-- Sums of published days, so that reports need not count every visit again. Rows with the number
-- `kept` (microseconds since 1970) count while `daily_kept` has it as the newest of its day, and the
-- day has not been published since: `version` is the publication that they are of, and `before`
-- that of the day before. What the columns mean stands in the statements under sql/daily.
CREATE TABLE IF NOT EXISTS daily_kept
(
    site String,
    day Date,
    kept UInt64,
    version UInt64,
    before UInt64
)
ENGINE = MergeTree
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS daily_ways
(
    site String,
    day Date,
    kept UInt64,
    reported_channel String,
    channel String,
    evidence String,
    application String,
    application_kind String,
    refused String,
    device String,
    source String,
    n UInt64,
    views UInt64,
    examples UInt64,
    measured UInt64,
    engaged UInt64,
    scrolled UInt64,
    acted UInt64,
    made UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS daily_pages
(
    site String,
    day Date,
    kept UInt64,
    page String,
    campaign String,
    n UInt64,
    views UInt64,
    direct UInt64,
    dark UInt64,
    public UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS daily_tokens
(
    site String,
    day Date,
    kept UInt64,
    token String,
    state String,
    campaign String,
    application String,
    n UInt64,
    made UInt64,
    linked UInt64,
    first_at UInt32,
    first_id UInt64,
    method String,
    page String,
    others UInt64,
    others_made UInt64,
    converting UInt64,
    times Array(UInt32)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS daily_acts
(
    site String,
    day Date,
    kept UInt64,
    kind String,
    name String,
    program UInt8,
    code String,
    page String,
    campaign String,
    n UInt64,
    tokens UInt64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS daily_minted
(
    site String,
    day Date,
    kept UInt64,
    token String,
    came_on Date,
    code String,
    campaign String,
    passed_on UInt8
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (site, day);
