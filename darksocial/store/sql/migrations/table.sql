-- Which migrations this store has had. Grain: one migration.
CREATE TABLE IF NOT EXISTS migrations
(
    number UInt32,
    name String,
    applied DateTime('UTC')
)
ENGINE = MergeTree ORDER BY number
