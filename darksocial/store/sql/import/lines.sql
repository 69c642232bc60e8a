-- Read the lines of a chunk and say what each is; most static files are left out.
-- Grain: one line. Parameters: read (the text of quick or slow), clock of the format, and whether
-- it logs the request as a whole and the status; earliest and latest (seconds since 1970), hosts
-- and own (a pattern) of the site, methods, extensions and elsewhere (of paths that are no
-- pages), odd_target (the verdict on others), unfinished (the number of a line without end, or 0).
-- A verdict is a number here, as table.sql has them: texts would cost as much as all the rest.
-- The clock is read eight bytes at once: high halves 3, 3, colon; then each low half is a digit.
-- One step a level and no deferred parts: either makes this many times as slow.
INSERT INTO import_lines
SELECT
    number,
    multiIf(early = 0 AND match(path, %(elsewhere)s), 11,
        early = 9 AND method NOT IN %(methods)s, 10, early) AS verdict,
    if(early = 7, code, 0) AS code, if(method = 'GET', '', method) AS method,
    toUInt32(if(early = 0, seconds, 0)) AS ts, xxh3(line) AS line_hash, address, host, target,
    referrer, agent, fetch_site, requested_with, if(early IN (1, 2, 3, 4, 5, 9, 10, 12), line, '') AS text
FROM
(
    SELECT
        number, line, code, method, seconds, address, host, target, referrer, agent,
        fetch_site, requested_with, path,
        multiIf(
            number = %(unfinished)s, 12,
            trouble != 0, trouble,
            address = '' OR code NOT BETWEEN 100 AND 599, 4,
            seconds NOT BETWEEN %(earliest)s AND %(latest)s, 5,
            foreign, 6,
            code NOT BETWEEN 200 AND 299 AND code != 304, 7,
            request = '' OR request = '-', 8,
            method != 'GET' AND method != 'HEAD', 9,
            NOT startsWith(target, '/'), %(odd_target)s,
            static, 11,
            0) AS early
    FROM
    (
        SELECT
            number, line, trouble, code, method, address, host, target, referrer, agent,
            fetch_site, requested_with, path, request,
            host != '' AND host NOT IN %(hosts)s
                AND NOT match(replaceRegexpOne(host, '\\.?(:[0-9]*)?$', ''), %(own)s) AS foreign,
            if(%(clock)s = 'clf',
                if(bitAnd(clock + 0x0606000606000606, 0xF0F0FFF0F0FFF0F0) = 0x30303A30303A3030
                    AND bitAnd(clock, 0xF0F0FFF0F0FFF0F0) = 0x30303A30303A3030
                    AND hours < 24 AND minutes < 60 AND rest < 61,
                    toInt64(day) + hours * 3600 + minutes * 60 + rest, 0),
                ifNull(toUnixTimestamp64Second(parseDateTime64BestEffortOrNull(time, 3, 'UTC')), 0))
                AS seconds,
            lower(substringIndex(path, '.', -1)) IN %(extensions)s AS static
        FROM
        (
            SELECT
                number, line, trouble, code, method, address, host, target, referrer, agent,
                fetch_site, requested_with, request, time, clock, day,
                bitAnd(clock, 15) * 10 + bitAnd(bitShiftRight(clock, 8), 15) AS hours,
                bitAnd(bitShiftRight(clock, 24), 15) * 10 + bitAnd(bitShiftRight(clock, 32), 15)
                    AS minutes,
                bitAnd(bitShiftRight(clock, 48), 15) * 10 + bitAnd(bitShiftRight(clock, 56), 15)
                    AS rest,
                cutQueryString(target) AS path
            FROM
            (
                SELECT
                    number, line, trouble, address, referrer, agent, fetch_site, requested_with,
                    time, request,
                    if(%(has_status)s, toUInt16OrZero(status), toUInt16(200)) AS code,
                    reinterpretAsUInt64(substring(time, 13, 8)) AS clock,
                    ifNull(toUnixTimestamp(parseDateTimeInJodaSyntaxOrNull(
                        toLowCardinality(concat(substring(time, 1, 11), substring(time, 21))),
                        'dd/MMM/yyyy Z', 'UTC')), 0) AS day,
                    replaceRegexpOne(lower(toLowCardinality(if(logged_host = '-', '', logged_host))),
                        ':(80|443)?$', '') AS host,
                    substring(request, 1, greatest(blank, 1) - 1) AS method,
                    substring(request, blank + 1,
                        if(protocol > blank, protocol, length(request) + 1) - blank - 1) AS target
                FROM
                (
                    SELECT
                        *, position(request, ' ') AS blank, position(request, ' HTTP/') AS protocol
                    FROM
                    (
                        SELECT
                            *,
                            if(%(has_request)s, whole_request, concat(
                                if(asked_method = '', 'GET', asked_method), ' ', asked_target,
                                if(asked_query IN ('', '-') OR startsWith(asked_query, '?'), '', '?'),
                                if(asked_query = '-', '', asked_query))) AS request
                        FROM
                        (
                            %(read)s
                        ) AS cut
                    ) AS asked
                ) AS placed
            ) AS read
        ) AS timed
    ) AS known
) AS judged
WHERE early != 11
SETTINGS short_circuit_function_evaluation = 'disable', max_block_size = 8192,
    input_format_parallel_parsing = 0
