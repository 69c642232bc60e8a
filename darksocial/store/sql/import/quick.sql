-- Lines of a chunk, split at their quotes and blanks where they are regular. Grain: one line.
-- Parameters: file, before (lines in front of the chunk); of the format: words (arrays that are
-- split at blanks), regular (a condition) and the place of each cell (expressions).
SELECT
    number, line,
    if(position(line, '\\') = 0 AND %(regular)s, 0, 1) AS trouble,
    %(address)s AS address,
    %(host)s AS logged_host,
    %(time)s AS time,
    %(request)s AS whole_request,
    %(method)s AS asked_method,
    %(target)s AS asked_target,
    %(query)s AS asked_query,
    %(status)s AS status,
    %(referrer)s AS referrer,
    %(agent)s AS agent,
    %(fetch_site)s AS fetch_site,
    %(requested_with)s AS requested_with
FROM
(
    SELECT number, line, pieces, %(words)s
    FROM
    (
        SELECT
            toUInt64(%(before)s) + _row_number + 1 AS number, line,
            splitByChar('"', line) AS pieces
        FROM file(%(file)s, 'LineAsString', 'line String')
    ) AS quoted
) AS blank
