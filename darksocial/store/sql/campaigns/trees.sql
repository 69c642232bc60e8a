-- Where the share trees of campaigns begin. Grain: one root of one campaign.
-- Parameters: outcome (table), minted (the statement daily/minted).
-- Columns: campaign, root, begins (the campaign's first day).
-- A tree begins with a link of the campaign, or with a share that nobody had passed on before, in
-- a visit that the campaign brought.
CREATE TEMPORARY TABLE campaign_trees AS
SELECT DISTINCT campaign, root, begins
FROM
(
    SELECT campaign, word AS root, begins FROM campaign_keys WHERE kind = 'link'
    UNION ALL
    SELECT campaign, token AS root, begins
    FROM
    (
        SELECT
            token, came_on, passed_on, tupleElement(known_by, 1) AS kind,
            tupleElement(known_by, 2) AS word
        FROM
        (
            SELECT token, came_on, passed_on, arrayJoin([('link', code), ('tag', campaign)])
                AS known_by
            FROM (%(minted)s) AS minted
            WHERE token NOT IN
                (SELECT token FROM %(outcome)s AS outcome WHERE kind != 'share' OR parented = 1)
        ) AS marked
        WHERE tupleElement(known_by, 2) != ''
    ) AS in_visits
    GLOBAL ALL INNER JOIN (SELECT kind, word, campaign, begins, ends FROM campaign_keys) AS wanted
    USING (kind, word)
    WHERE came_on >= begins AND (came_on <= ends OR passed_on)
) AS both
