-- Which lines an import has read, and how often, for the ordinals of those to come.
-- On the disk, since a long log has many; hashes alone. Grain: one line of one chunk.
-- Parameters: seen (table).
CREATE TABLE %(seen)s (ts UInt32, line_hash UInt64, n UInt64)
ENGINE = MergeTree ORDER BY (ts, line_hash)
