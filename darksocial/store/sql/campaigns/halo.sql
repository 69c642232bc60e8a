-- Visits through reshares of what a campaign brought. Grain: one row of daily/tokens of one campaign.
-- Parameters: outcome (table), tokens (the statement daily/tokens). Columns: campaign, day, token, tag, application,
-- others (visits), others_made (their conversions).
-- They came by a share whose tree the campaign began, or by one whose address still carries the
-- campaign's tag, where the first share's report or its visit is not known.
CREATE TEMPORARY TABLE campaign_halo AS
SELECT DISTINCT campaign, day, token, tag, application, others, others_made
FROM
(
    SELECT campaign, day, token, tag, application, others, others_made
    FROM
    (
        SELECT token, day, campaign AS tag, application, others, others_made
        FROM (%(tokens)s) AS tokens
        WHERE state = 'valid' AND others > 0
    ) AS visit
    GLOBAL ALL INNER JOIN
    (
        SELECT token, campaign, begins
        FROM (SELECT token, root FROM %(outcome)s AS outcome WHERE kind != 'link') AS node
        GLOBAL ALL INNER JOIN (SELECT root, campaign, begins FROM campaign_trees) AS top
        USING (root)
    ) AS share USING (token)
    WHERE day >= begins
    UNION ALL
    SELECT campaign, day, token, tag, application, others, others_made
    FROM campaign_arrivals WHERE passed_on AND others > 0
) AS either
