-- What was recorded. One row a hit; rows with an id seen before are repeats, and the readers
-- take one of them. Partitioned by the month of recording, since expiry counts from there.
CREATE TABLE IF NOT EXISTS hits
(
    site String,
    id UInt64,
    ts DateTime('UTC'),
    recorded DateTime('UTC'),
    kind String,
    visitor UInt64,
    host String,
    path String,
    token String,
    token_state String,
    parent String,
    method String,
    internal UInt8,
    referrer_host String,
    referrer_path String,
    referrer_kind String,
    referrer_application String,
    agent_kind String,
    agent_application String,
    agent_application_kind String,
    browser String,
    os String,
    device String,
    navigation String,
    fetch_site String,
    returning String,
    url_seen String,
    click_network String,
    click_kind String,
    utm_source String,
    utm_medium String,
    utm_campaign String,
    reported_channel String,
    name String,
    value Float64,
    currency String,
    answer String,
    network String,
    source String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(recorded)
ORDER BY (site, toStartOfHour(ts), visitor, ts, id);

-- Acts of sharing, by token: an arrival with the token finds its sharer here.
CREATE TABLE IF NOT EXISTS shares
(
    site String,
    token String,
    ts DateTime('UTC'),
    recorded DateTime('UTC'),
    id UInt64,
    visitor UInt64,
    parent String,
    method String,
    application String,
    host String,
    path String,
    source String
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(recorded)
ORDER BY (site, token, id);

CREATE MATERIALIZED VIEW IF NOT EXISTS shares_feed TO shares AS
SELECT site, token, ts, recorded, id, visitor, parent, method, name AS application,
       host, path, source
FROM hits
WHERE kind = 'share' AND token != '';

-- On which days a token was seen: what a late share touches.
CREATE TABLE IF NOT EXISTS token_days
(
    site String,
    token String,
    hour DateTime('UTC'),
    recorded DateTime('UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(recorded)
ORDER BY (site, token, hour);

CREATE MATERIALIZED VIEW IF NOT EXISTS token_days_feed TO token_days AS
SELECT site, token, toStartOfHour(ts) AS hour, recorded
FROM hits
WHERE kind = 'pageview' AND token != '';

-- One row an arrival, and one for what went on after 30 quiet minutes (channel internal).
-- A partition is one day of one site, in the site's time zone, and is published at once.
CREATE TABLE IF NOT EXISTS visits
(
    site String,
    day Date,
    id UInt64,
    ts DateTime('UTC'),
    visitor UInt64,
    host String,
    path String,
    pages UInt32,
    seconds UInt32,
    channel String,
    application String,
    application_kind String,
    evidence String,
    probability Nullable(Float64),
    reason String,
    reported_channel String,
    token String,
    token_state String,
    parent String,
    method String,
    link_kind String,
    link_label String,
    referrer_host String,
    referrer_path String,
    utm_source String,
    utm_medium String,
    utm_campaign String,
    browser String,
    os String,
    device String,
    navigation String,
    fetch_site String,
    returning String,
    url_seen String,
    source String
)
ENGINE = MergeTree
PARTITION BY (site, day)
ORDER BY tuple();

-- What a day's publication counted, and up to which mark it had seen the site's hits.
CREATE TABLE IF NOT EXISTS days
(
    site String,
    day Date,
    published UInt64,
    seen UInt64,
    page_views UInt64,
    visits UInt64,
    shares UInt64,
    previews UInt64,
    bots UInt64
)
ENGINE = MergeTree
ORDER BY (site, day, published);

-- Marks of days that have to be computed again; `at` is in microseconds since 1970.
CREATE TABLE IF NOT EXISTS touched
(
    site String,
    day Date,
    at UInt64
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (site, day);

CREATE TABLE IF NOT EXISTS sites
(
    name String,
    key String,
    hosts Array(String),
    timezone String,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name;

CREATE TABLE IF NOT EXISTS links
(
    number UInt64,
    code String,
    site String,
    destination String,
    kind String,
    label String,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY number;

-- Secrets and numbers of the installation itself.
CREATE TABLE IF NOT EXISTS meta
(
    name String,
    value String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name;

-- Segments that the drain has stored, so that a crash before deleting one costs nothing.
CREATE TABLE IF NOT EXISTS segments
(
    name String,
    stored DateTime('UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(stored)
ORDER BY name;

-- Requests that the tracker refused, by reason; no identifiers.
CREATE TABLE IF NOT EXISTS refusals
(
    site String,
    hour DateTime('UTC'),
    reason String,
    segment String,
    n UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (site, hour, reason, segment);

-- What imports read, entry by entry: where each begins, each part that was stored, and the end.
-- `state` is begun, read, done or undone. A part reaches from `first_byte` to `end_byte` of the
-- file's text and has `lines` finished lines; head and tail are hashes by which a file is known
-- again when it has grown or has another name. `days` are those that the part touched.
CREATE TABLE IF NOT EXISTS imports
(
    site String,
    source String,
    number UInt64,
    part UInt32,
    state String,
    at DateTime('UTC'),
    name String,
    format String,
    terms String,
    head_bytes UInt64,
    head String,
    first_byte UInt64,
    end_byte UInt64,
    tail_bytes UInt64,
    tail String,
    lines UInt64,
    kinds Array(String),
    counts Array(UInt64),
    days Array(Date),
    first_ts UInt32,
    last_ts UInt32
)
ENGINE = MergeTree
ORDER BY (site, source, number, part);
