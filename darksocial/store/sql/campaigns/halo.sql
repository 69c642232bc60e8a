-- Visits through reshares of what a campaign brought. Grain: one visit of one campaign.
-- Parameters: site. Columns: campaign, id, day, made (conversions).
-- They came by a share whose tree the campaign began, or by one whose address still carries the
-- campaign's tag, where the first share's report or its visit is not known.
CREATE TEMPORARY TABLE campaign_halo AS
SELECT DISTINCT campaign, id, day, made
FROM
(
    SELECT campaign, id, day, made
    FROM
    (
        SELECT token, id, day, conversions AS made
        FROM visits
        WHERE site = %(site)s AND token_state = 'valid' AND channel != 'internal'
            AND evidence != 'own_share' AND repeated = 0
            AND NOT (returning = '1' AND url_seen = '1')
    ) AS visit
    GLOBAL ALL INNER JOIN
    (
        SELECT token, campaign, begins
        FROM (SELECT token, root FROM sharing_outcome WHERE kind != 'link') AS node
        GLOBAL ALL INNER JOIN (SELECT root, campaign, begins FROM campaign_trees) AS top
        USING (root)
    ) AS share USING (token)
    WHERE day >= begins
    UNION ALL
    SELECT campaign, id, day, made FROM campaign_arrivals WHERE passed_on AND others
) AS either
