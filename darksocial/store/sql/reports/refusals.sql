-- Requests that were refused at the door. Parameters: site, first, last, timezone.
-- Columns: reason, n. Requests that named no known site are counted for every site ('').
SELECT reason, toUInt64(sum(amount)) AS n
FROM
(
    SELECT site, hour, reason, segment, max(n) AS amount FROM refusals
    WHERE site IN (%(site)s, '') AND toDate(hour, %(timezone)s) BETWEEN %(first)s AND %(last)s
    GROUP BY site, hour, reason, segment
) AS once
GROUP BY reason
ORDER BY n DESC, reason
