-- The lines of a chunk but static files. Grain: one line.
-- number: the line's place in the file. reason: '' for a page request, 'irregular' for a line
-- that has to be read the slow way, else why it is refused; code: the status, where that is why;
-- method: where it is why, or HEAD. The other columns are of use for page requests alone, `text`
-- for lines that cannot be read.
CREATE TEMPORARY TABLE import_lines
(
    number UInt64, reason LowCardinality(String), code UInt16, method LowCardinality(String),
    ts UInt32, line_hash UInt64, address String, host LowCardinality(String), target String,
    referrer String, agent String, text String
)
ENGINE = Memory
