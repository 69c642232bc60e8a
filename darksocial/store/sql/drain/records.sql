-- Lines of segments, checked and taken apart. Grain: one line.
-- Parameters: files (a glob), kinds, earliest and latest (milliseconds since 1970).
-- A line is eight hex digits of CRC-32, a blank and one JSON object with the fields of a hit.
-- `trouble` says why a line cannot be used; only then the line itself is kept.
-- Blocks stay as they are read: putting them together would copy each column once more.
CREATE TEMPORARY TABLE records ENGINE = Memory AS
SELECT
    segment, r,
    multiIf(
        NOT sound, 'torn or foreign line',
        NOT isValidUTF8(body), 'no valid UTF-8',
        r.refused != '', '',
        r.id = 0 AND NOT if(r.id = 0, isValidJSON(body), 1), 'no JSON object',
        r.id = 0 OR r.id > 9223372036854775807, 'no id of 63 bits',
        r.kind NOT IN %(kinds)s, 'unknown kind',
        r.site = '', 'no site',
        r.ts NOT BETWEEN %(earliest)s AND %(latest)s, 'time out of range',
        '') AS trouble,
    if(trouble = '', '', line) AS line
FROM
(
    SELECT
        _file AS segment,
        line,
        substring(line, 10) AS body,
        reinterpretAsUInt32(reverse(unhex(substring(line, 1, 8)))) = CRC32(body)
            AND substring(line, 9, 1) = ' ' AS sound,
        JSONExtract(body, 'Tuple(
            id UInt64, ts Int64, kind LowCardinality(String), site LowCardinality(String),
            recorded Int64, visitor UInt64, url LowCardinality(String),
            referrer LowCardinality(String), user_agent LowCardinality(String),
            hints LowCardinality(String), token String, parent String,
            method LowCardinality(String), code LowCardinality(String),
            navigation LowCardinality(String), fetch_site LowCardinality(String),
            returning LowCardinality(String), url_seen LowCardinality(String),
            name LowCardinality(String), value Float64, currency LowCardinality(String),
            answer LowCardinality(String), network LowCardinality(String),
            source LowCardinality(String), refused LowCardinality(String), n UInt64)') AS r
    FROM file(%(files)s, 'LineAsString', 'line String')
    WHERE line != ''
) AS lines
SETTINGS min_insert_block_size_rows = 0, min_insert_block_size_bytes = 0
