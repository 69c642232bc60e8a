-- Which application's preview names an arrival: the last before it, of its token.
-- Grain: one arrival. Parameters: site, end (UTC), low_applications and low_kinds (those whose
-- fetches name nobody), public (applications), around, clear, clear_code and code_seconds (seconds).
-- A fetch within `around` after the arrival counts where there is none before. Where another
-- application fetched within `clear` of the last, time cannot tell whose click it is: both are in
-- `seen_in`, and none is the application. Of a token's fetches the newest 200 hours are looked at.
INSERT INTO beside (visitor, step, seen_in, seen_application, seen_kind, seen_public)
SELECT visitor, step, seen_in, seen_application, seen_kind, seen_public
FROM
(
    SELECT
        visitor, step,
        tupleElement(ordered[1], 2) AS first_application,
        tupleElement(ordered[2], 2) AS second_application,
        length(ordered) > 1 AND tupleElement(ordered[2], 1) - tupleElement(ordered[1], 1) <= clear
            AS unclear,
        if(unclear, concat(first_application, ' or ', second_application), first_application)
            AS seen_in,
        if(unclear, '', first_application) AS seen_application,
        if(unclear AND tupleElement(ordered[1], 3) != tupleElement(ordered[2], 3), 'unknown',
            tupleElement(ordered[1], 3)) AS seen_kind,
        toUInt8(has(%(public)s, first_application)
            AND (NOT unclear OR has(%(public)s, second_application))) AS seen_public
    FROM
    (
        SELECT
            visitor, step, any(clear) AS clear,
            arraySort(groupArray(tuple(nearest, application, kind_of_it))) AS ordered
        FROM
        (
            SELECT
                visitor, step, application, any(application_kind) AS kind_of_it,
                toUInt32(if(any(token_state) = 'link', %(clear_code)s, %(clear)s)) AS clear,
                min(toUInt64(if(seen_at <= at, at - seen_at, 4294967296 + seen_at - at))) AS nearest
            FROM
            (
                SELECT * FROM opened
                GLOBAL ALL INNER JOIN
                (
                    SELECT token, application, application_kind, seen_at
                    FROM
                    (
                        SELECT
                            token, application, application_kind,
                            arrayJoin([min(toUInt32(ts)), max(toUInt32(ts))]) AS seen_at
                        FROM previews
                        WHERE site = %(site)s AND ts < %(end)s + %(around)s
                            AND token IN (SELECT token FROM opened)
                            AND application NOT IN %(low_applications)s
                            AND application_kind NOT IN %(low_kinds)s
                        GROUP BY token, application, application_kind, toStartOfHour(ts)
                    ) AS hourly
                    ORDER BY seen_at DESC
                    LIMIT 400 BY token
                ) AS fetched USING (token)
            ) AS candidates
            WHERE seen_at <= at + %(around)s
                AND (token_state != 'link' OR seen_at + %(code_seconds)s >= at)
            GROUP BY visitor, step, application
        ) AS by_application
        GROUP BY visitor, step
    ) AS sorted
) AS named
