-- What each campaign brought in a range of days. Parameters: first, last. Columns: campaign,
-- tagged_visits, halo_visits, tagged_conversions, halo_conversions.
SELECT
    campaign, countIf(NOT reshared) AS tagged_visits, countIf(reshared) AS halo_visits,
    toUInt64(sumIf(made, NOT reshared)) AS tagged_conversions,
    toUInt64(sumIf(made, reshared)) AS halo_conversions
FROM
(
    SELECT campaign, id, made, toUInt8(0) AS reshared FROM campaign_arrivals
    WHERE NOT passed_on AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT campaign, id, made, toUInt8(1) AS reshared FROM campaign_halo
    WHERE day BETWEEN %(first)s AND %(last)s
) AS every
GROUP BY campaign
