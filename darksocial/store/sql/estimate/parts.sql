-- Arrivals by what each is to the estimate, divided in several ways at once.
-- Grain: one division, part, level and probability in percent. Parameters: site, first and
-- last (days), divisions (which of day, page_class, device, channel, reported_channel).
-- est_classes has the pages' classes; a part is '' where it is not known.
-- Columns: division, part, level (certain, near_certain, rest, other), percent, visits, shares (the
-- sum of the probabilities).
SELECT division, part, level, percent, count() AS visits, sum(chance) AS shares
FROM
(
    SELECT
        tupleElement(pair, 1) AS division, tupleElement(pair, 2) AS part, level, percent, chance
    FROM
    (
        SELECT
            level, chance, toUInt8(floor(chance * 100)) AS percent,
            arrayJoin([
                tuple('day', day_name),
                tuple('page_class', transform(page, [1, 2, 3], ['home', 'section', 'deep'], '')),
                tuple('device', device_name),
                tuple('channel', channel_name),
                tuple('reported_channel', reported_name)
            ]) AS pair
        FROM
        (
            SELECT
                sipHash64(CAST(host AS String), CAST(path AS String)) AS page_key,
                toString(day) AS day_name, CAST(device AS String) AS device_name,
                CAST(channel AS String) AS channel_name,
                CAST(reported_channel AS String) AS reported_name,
                multiIf(evidence = 'model', 'rest', channel != 'dark_social', 'other',
                    evidence IN ('token', 'link'), 'certain', 'near_certain') AS level,
                if(evidence = 'model', ifNull(probability, 0.), 0.) AS chance
            FROM visits
            WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
        ) AS arrival
        GLOBAL ANY LEFT JOIN (SELECT page_key, page FROM est_classes) AS classed USING (page_key)
    ) AS paired
) AS divided
WHERE division IN %(divisions)s
GROUP BY division, part, level, percent
