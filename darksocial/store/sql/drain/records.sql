-- Lines of segments, checked and taken apart. Grain: one line. Parameters: files (a glob).
-- A line is eight hex digits of CRC-32, a blank and one JSON object with the fields of a hit.
CREATE TEMPORARY TABLE records ENGINE = Memory AS
SELECT
    segment, line, sound,
    JSONExtract(if(sound, substring(line, 10), ''), 'Tuple(
        id UInt64, ts Int64, kind String, site String, recorded Int64, visitor UInt64,
        url String, referrer String, user_agent String, token String, parent String,
        method String, code String, navigation String, fetch_site String, returning String,
        url_seen String, name String, value Float64, currency String, answer String,
        network String, source String, refused String, n UInt64)') AS r,
    multiIf(
        NOT sound, 'torn or foreign line',
        r.refused != '', '',
        r.id = 0, 'no id',
        r.kind NOT IN %(kinds)s, 'unknown kind',
        r.site = '', 'no site',
        r.ts <= 0 OR r.ts > %(latest)s, 'time out of range',
        '') AS trouble
FROM
(
    SELECT
        _file AS segment,
        line,
        reinterpretAsUInt32(reverse(unhex(substring(line, 1, 8)))) = CRC32(substring(line, 10))
            AND substring(line, 9, 1) = ' ' AND isValidJSON(substring(line, 10)) AS sound
    FROM file(%(files)s, 'LineAsString', 'line String')
    WHERE line != ''
) AS lines
