-- The pages that arrivals landed on: class, length, age, and how busy each is on the whole.
-- Grain: one page (host and path). Parameters: listing (pattern of paths that list others), home
-- (pattern of front pages), start and stop (hours since 1970 between which there are data).
-- page: 1 home, 2 section, 3 deep. A section lists others: it says so in its path, is a short word
-- alone, or several paths that were visited lie below it.
-- length: 1 up to 20 characters, 2 up to 45, 3 up to 80, 4 more.
-- born: the hour of the first arrival, 0 where that lies on the first day: most such pages are old.
CREATE TEMPORARY TABLE est_pages AS
SELECT
    page_key, page, length, born, first_hour, direct,
    toFloat64(greatest(%(stop)s - first_hour, 1)) AS hours
FROM
(
    SELECT
        page_key, first_hour, direct,
        toUInt8(multiIf(match(bare_path, %(home)s), 1,
            children >= 2 OR match(bare_path, %(listing)s), 2, 3)) AS page,
        toUInt8(multiIf(characters <= 20, 1, characters <= 45, 2, characters <= 80, 3, 4)) AS length,
        if(first_hour < %(start)s + 24, toUInt32(0), toUInt32(first_hour)) AS born
    FROM
    (
        SELECT
            page_key, any(host) AS host, lengthUTF8(any(path)) AS characters,
            replaceRegexpOne(lower(any(path)), '/(index\\.[a-z]+)?$', '') AS bare_path,
            min(hour) AS first_hour, countIf(role IN (1, 2)) AS direct
        FROM est_arrivals
        GROUP BY page_key
    ) AS seen
    GLOBAL ANY LEFT JOIN
    (
        SELECT host, bare_path, toUInt64(sum(below)) AS children FROM est_folders
        GROUP BY host, bare_path
    ) AS folder USING (host, bare_path)
) AS classed
