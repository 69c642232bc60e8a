-- Do tokens come back where and after they were made, and how many visits does one bring?
-- Grain: one row. No parameters.
-- Columns: known (tagged arrivals whose share was reported), fitting (of those, on the page of the
-- share and not before its hour), lumps (visits of the same token that a visit has on average,
-- itself included).
SELECT
    toUInt64(sum(visits * reported)) AS known, toUInt64(sum(fit * reported)) AS fitting,
    if(sum(visits) = 0, 1., sum(visits * visits) / sum(visits)) AS lumps
FROM
(
    SELECT token, count() AS visits, any(reported) AS reported,
        countIf(own_page = page_key AND hour >= own_hour) AS fit
    FROM
    (
        SELECT token, page_key, hour FROM est_arrivals WHERE role = 1
    ) AS came
    GLOBAL ANY LEFT JOIN
    (
        SELECT token, own_page, own_hour, reported FROM est_tokens
    ) AS own USING (token)
    GROUP BY token
) AS counted
