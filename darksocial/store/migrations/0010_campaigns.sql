-- What social networks say of posts in public, a row for a post and a day; the newest counts.
-- `running` says that the figures are totals of the post so far, not those of the day.
CREATE TABLE IF NOT EXISTS public_figures
(
    site String,
    network String,
    post String,
    day Date,
    page String,
    utm_campaign String,
    likes UInt64,
    comments UInt64,
    shares UInt64,
    running UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, network, post, day);

-- Campaigns by their names: from when to when (1970-01-01 for no end), the values of utm_campaign
-- and the codes of links that belong to them, and what they are to reach (`goal`: visits or
-- conversions; a target of 0 is none).
CREATE TABLE IF NOT EXISTS campaigns
(
    site String,
    name String,
    begins Date,
    ends Date,
    tags Array(String),
    codes Array(String),
    goal String,
    target UInt64,
    done_by String,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, name);
