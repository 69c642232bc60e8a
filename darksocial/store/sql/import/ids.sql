-- The hit ids of the page requests: seconds since 1970 (33 bits) and 30 bits of a hash over
-- source, line and ordinal, which counts the identical lines in front of it in the file.
-- Grain: one page request. Parameters: source; earliest and latest time of the requests.
CREATE TEMPORARY TABLE import_ids ENGINE = Memory AS
SELECT
    number, ts,
    bitOr(bitShiftLeft(toUInt64(ts), 30),
        bitAnd(sipHash64(%(source)s, line_hash, toUInt64(ordinal)), 0x3FFFFFFF)) AS id
FROM
(
    SELECT
        number, ts, line_hash,
        earlier + row_number() OVER (PARTITION BY line_hash ORDER BY number) - 1 AS ordinal
    FROM
    (
        SELECT number, ts, line_hash FROM import_lines
        WHERE reason = '' AND number NOT IN (SELECT number FROM import_declined)
    ) AS request
    ANY LEFT JOIN
    (
        SELECT line_hash, sum(n) AS earlier FROM import_seen
        WHERE ts BETWEEN %(first)s AND %(last)s
        GROUP BY line_hash
    ) AS seen USING (line_hash)
) AS counted
LIMIT 1 BY id
