-- Who gets the figures of a site by e-mail. `token` stands in the address that ends it.
CREATE TABLE IF NOT EXISTS recipients
(
    token String,
    site String,
    email String,
    period String,
    language String,
    alerts UInt8,
    deleted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY token;

-- Which periods a recipient has been sent, by their first day, so that none is sent twice.
CREATE TABLE IF NOT EXISTS letters
(
    token String,
    period_begin Date,
    sent DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (token, period_begin);

-- Unusual bursts that were noticed. `kind` is what was unusual: shares, visits or interactions.
CREATE TABLE IF NOT EXISTS alerts
(
    site String,
    noticed DateTime('UTC'),
    kind String,
    page String,
    application String,
    hour DateTime('UTC'),
    found UInt32,
    expected Float64
)
ENGINE = MergeTree
ORDER BY (site, noticed);
