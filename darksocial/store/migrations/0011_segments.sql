-- Named segments of a site: `filters` holds what its visits have in common, as in an address.
CREATE TABLE IF NOT EXISTS visit_segments
(
    site String,
    name String,
    filters String,
    done_by String,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, name);
