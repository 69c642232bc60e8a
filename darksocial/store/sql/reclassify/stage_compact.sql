-- The same as `stage` where the engine can keep all columns of a part in one file: that is a third
-- less to do than a file or two for each. Larger granules than those of `visits` make it as fast to
-- read; a partition may have both. Parameters: target (table).
CREATE TABLE IF NOT EXISTS %(target)s AS visits
ENGINE = MergeTree
PARTITION BY (site, day)
ORDER BY tuple()
SETTINGS index_granularity = 32768, min_rows_for_wide_part = 2000000,
    min_bytes_for_wide_part = 2000000000
