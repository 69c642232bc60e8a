-- Unusual figures of social networks, by page, network and day. `begins` is the first day that they
-- are of (totals so far may be days apart), `mood` what they mean: good, talk, bad or drop; `figure`
-- the most unusual of likes, comments and shares, of which `found` came instead of `expected`.
CREATE TABLE IF NOT EXISTS public_alerts
(
    site String,
    noticed DateTime('UTC'),
    page String,
    network String,
    begins Date,
    day Date,
    mood String,
    figure String,
    found UInt64,
    expected Float64,
    likes UInt64,
    comments UInt64,
    shares UInt64
)
ENGINE = MergeTree
ORDER BY (site, noticed);

-- Which alerts a recipient has been sent, so that none is sent twice.
CREATE TABLE IF NOT EXISTS alert_letters
(
    token String,
    alert String,
    sent DateTime('UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (token, alert);
