-- Fits of the estimator: what each was made from and what it says, so that a figure names the fit
-- behind it. `fit` is the time of making in microseconds since 1970; `estimate`, `weights` and
-- `inputs` are JSON. The newest of a site is the one in use.
CREATE TABLE IF NOT EXISTS fits
(
    site String,
    fit UInt64,
    library String,
    first Date,
    last Date,
    tagged UInt64,
    untagged UInt64,
    status String,
    estimate String,
    weights String,
    inputs String
)
ENGINE = MergeTree
ORDER BY (site, fit);
