-- What each campaign brought in a range of days. Parameters: first, last. Columns: campaign,
-- tagged_visits, halo_visits, tagged_conversions, halo_conversions.
SELECT
    campaign, toUInt64(sumIf(came, NOT reshared)) AS tagged_visits,
    toUInt64(sumIf(came, reshared)) AS halo_visits,
    toUInt64(sumIf(earned, NOT reshared)) AS tagged_conversions,
    toUInt64(sumIf(earned, reshared)) AS halo_conversions
FROM
(
    SELECT campaign, n AS came, made AS earned, toUInt8(0) AS reshared FROM campaign_arrivals
    WHERE NOT passed_on AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT campaign, others AS came, others_made AS earned, toUInt8(1) AS reshared
    FROM campaign_halo
    WHERE day BETWEEN %(first)s AND %(last)s
) AS every
GROUP BY campaign
