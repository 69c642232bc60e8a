-- Irregular lines, taken apart by the format's pattern. Grain: one line.
-- Parameters: pattern of the format and its groups, longest (bytes of a line), origin.
-- What the server wrote with a backslash in an address becomes percent-encoded, as in any other.
-- A request for a whole address names its host there, which counts more than the logged one.
SELECT
    number, line,
    multiIf(line = '', 2, length(line) > %(longest)s, 3, found = [], 4, 0) AS trouble,
    found[%(address_group)s] AS address,
    if(authority = '', found[%(host_group)s], authority) AS logged_host,
    found[%(time_group)s] AS time,
    if(authority = '', encoded[1], concat(
        substring(encoded[1], 1, position(encoded[1], ' ')),
        if(startsWith(local, '/'), '', '/'), local,
        substring(encoded[1], position(encoded[1], ' ') + 1 + length(absolute))))
        AS whole_request,
    found[%(method_group)s] AS asked_method,
    encoded[2] AS asked_target,
    found[%(query_group)s] AS asked_query,
    found[%(status_group)s] AS status,
    encoded[3] AS referrer,
    found[%(agent_group)s] AS agent,
    found[%(fetch_site_group)s] AS fetch_site,
    found[%(requested_with_group)s] AS requested_with
FROM
(
    SELECT
        number, line, found, encoded, absolute,
        extract(absolute, %(origin)s) AS authority,
        extract(absolute, '^[^:]*://[^/?#]*(.*)$') AS local
    FROM
    (
        SELECT
            number, line, found, encoded,
            extract(encoded[1], '^[A-Z]+ ([a-zA-Z]+://[^ ]*)') AS absolute
        FROM
        (
            SELECT
                number, line, found,
                arrayMap(cell -> replaceRegexpAll(replaceAll(replaceAll(cell,
                    '\\\\', '%5C'), '\\"', '%22'), '\\\\x([0-9a-fA-F]{2})', '%\\1'),
                    [found[%(request_group)s], found[%(target_group)s],
                    found[%(referrer_group)s]]) AS encoded
            FROM
            (
                SELECT
                    number, text AS line,
                    extractGroups(toValidUTF8(if(length(text) > %(longest)s, '', text)),
                        %(pattern)s) AS found
                FROM import_lines
                WHERE verdict = 'irregular'
            ) AS odd
        ) AS taken
    ) AS asked
) AS known
