-- The lines of a chunk but most static files. Grain: one line.
-- number: the line's place in the file. verdict: a page request, a line that has to be read the
-- slow way, an asset, or why the line is refused; lines.sql knows the verdicts by their numbers.
-- code: the status, where that is why. method: where it is not GET. The other columns are of use
-- for page requests alone, `text` for lines that cannot be read.
CREATE TEMPORARY TABLE import_lines
(
    number UInt64,
    verdict Enum8('page' = 0, 'irregular' = 1, 'empty line' = 2, 'line too long' = 3,
        'malformed line' = 4, 'impossible time' = 5, 'other host' = 6, 'status' = 7,
        'no request' = 8, 'method' = 9, 'malformed request' = 10, 'asset' = 11,
        'unfinished last line' = 12),
    code UInt16, method String, ts UInt32, line_hash UInt64, address String, host String,
    target String, referrer String, agent String, fetch_site String, requested_with String,
    text String
)
ENGINE = Memory
