-- The features of a page and hour, as codes; a part of `features` and `public`. Parameters: told (1
-- where tokens are known at all). Of columns: made_2h, made_6h, made_24h, made_7d (tokens), came_2h
-- and came_24h (arrivals), all without the arrival itself; hours (of the page's life), others (its
-- direct arrivals), born (the hour of its first) and hour.
    toUInt8(multiIf(%(told)s = 0, 0, made_2h > 0, 5, made_6h > 0, 4, made_24h > 0, 3, made_7d > 0, 2, 1))
        AS shared,
    toUInt8(multiIf(%(told)s = 0, 0, made_24h <= 0, 1, made_24h < 2, 2, made_24h < 4, 3,
        made_24h < 8, 4, 5)) AS sharing,
    toUInt8(multiIf(came_24h <= 0, 1, came_24h < 3, 2, came_24h < 8, 3, came_24h < 20, 4,
        came_24h < 60, 5, 6)) AS busy,
    toUInt8(multiIf(came_2h <= 0, 1,
        (toFloat64(came_2h) * hours / (2 * greatest(toFloat64(others), 0.5)) AS ratio) < 1.5, 2,
        ratio < 4, 3, ratio < 12, 4, 5)) AS burst,
    toUInt8(multiIf(born = 0, 4, hour < born + 24, 1, hour < born + 72, 2, hour < born + 168, 3, 4))
        AS age
