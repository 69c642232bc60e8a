-- Where the share trees of campaigns begin. Grain: one root of one campaign.
-- Columns: campaign, root, begins (the campaign's first day).
-- A tree begins with a link of the campaign, or with a share in a visit that the campaign brought.
CREATE TEMPORARY TABLE campaign_trees AS
SELECT DISTINCT campaign, root, begins
FROM
(
    SELECT campaign, word AS root, begins FROM campaign_keys WHERE kind = 'link'
    UNION ALL
    SELECT campaign, root, begins
    FROM
    (
        SELECT campaign, token AS root
        FROM (SELECT id, token FROM campaign_last_visits) AS last_visit
        GLOBAL ALL INNER JOIN (SELECT id, campaign FROM campaign_arrivals) AS came USING (id)
    ) AS from_visits
    GLOBAL ANY LEFT JOIN (SELECT campaign, min(begins) AS begins FROM campaign_keys
        GROUP BY campaign) AS known USING (campaign)
) AS both
