-- Shares that the owner planted by channel and device, and how many of them opened with their
-- token; the newest figures of a day, channel and device count.
CREATE TABLE IF NOT EXISTS seeded_shares
(
    site String,
    day Date,
    channel String,
    device String,
    shared UInt32,
    seen UInt32,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, day, channel, device);
