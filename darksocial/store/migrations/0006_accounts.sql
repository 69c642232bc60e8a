-- Who may log in. The password is an argon2 hash.
CREATE TABLE IF NOT EXISTS accounts
(
    name String,
    role String,
    password String,
    language String,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY name;

-- Log-ins by the hash of what the cookie holds.
CREATE TABLE IF NOT EXISTS logins
(
    id String,
    account String,
    expires DateTime('UTC'),
    ended UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

CREATE TABLE IF NOT EXISTS api_keys
(
    id String,
    hash String,
    label String,
    role String,
    site String,
    created DateTime('UTC'),
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

-- Reports that whoever has the address may read, until they expire.
CREATE TABLE IF NOT EXISTS report_links
(
    id String,
    hash String,
    site String,
    report String,
    query String,
    account String,
    expires DateTime('UTC'),
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY id;

CREATE TABLE IF NOT EXISTS audit
(
    at DateTime('UTC'),
    actor String,
    action String,
    target String
)
ENGINE = MergeTree
ORDER BY at;
