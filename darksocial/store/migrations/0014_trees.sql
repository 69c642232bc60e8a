-- Share trees as they were computed: what `sharing/outcome` says of each share and link. A
-- partition is one computation (`number`, microseconds since 1970), and counts while `trees_kept`
-- has it as the site's newest. `published` and `changed` are the newest publication of a day and
-- change of a link that it saw.
CREATE TABLE IF NOT EXISTS kept_trees
(
    site String,
    number UInt64,
    token String,
    kind String,
    method String,
    label String,
    page String,
    day Date,
    at UInt32,
    visitor UInt64,
    up String,
    parented UInt8,
    root String,
    generation UInt64,
    visits UInt64,
    conversions UInt64,
    converting UInt64,
    fetched UInt64,
    reshares UInt64,
    followed UInt8,
    application String,
    times Array(UInt32)
)
ENGINE = MergeTree
PARTITION BY (site, number)
ORDER BY tuple();

CREATE TABLE IF NOT EXISTS trees_kept
(
    site String,
    number UInt64,
    shares UInt64,
    published UInt64,
    changed UInt64
)
ENGINE = MergeTree
ORDER BY (site, number);
