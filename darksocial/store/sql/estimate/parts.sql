-- Arrivals by what each is to the estimate, divided in several ways at once.
-- Grain: one division, part, level and probability in percent. Parameters: site, first and last
-- (days), divisions (which of day, device, channel, reported_channel).
-- Columns: division, part ('' where it is not known), level (certain, near_certain, rest,
-- unscored: rest without a probability, other), percent, visits, shares (the sum of the probabilities).
SELECT division, part, level, percent, toUInt64(sum(n)) AS visits, sum(chances) AS shares
FROM
(
    SELECT
        tupleElement(pair, 1) AS division, tupleElement(pair, 2) AS part, level, percent, n, chances
    FROM
    (
        SELECT
            level, percent, n, chances,
            arrayJoin([
                tuple('day', toString(day)),
                tuple('device', device_name),
                tuple('channel', channel_name),
                tuple('reported_channel', reported_name)
            ]) AS pair
        FROM
        (
            SELECT
                day, CAST(device AS String) AS device_name, CAST(channel AS String) AS channel_name,
                CAST(reported_channel AS String) AS reported_name,
                multiIf(evidence = 'model', if(isNull(probability), 'unscored', 'rest'),
                    channel != 'dark_social', 'other',
                    evidence IN ('token', 'link'), 'certain', 'near_certain') AS level,
                toUInt8(floor(if(evidence = 'model', ifNull(probability, 0.), 0.) * 100)) AS percent,
                count() AS n, sum(if(evidence = 'model', ifNull(probability, 0.), 0.)) AS chances
            FROM visits
            WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
            GROUP BY day, device_name, channel_name, reported_name, level, percent
        ) AS counted
    ) AS paired
) AS divided
WHERE division IN %(divisions)s
GROUP BY division, part, level, percent
