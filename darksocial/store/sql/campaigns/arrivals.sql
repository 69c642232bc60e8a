-- Visits that carry a campaign's tag or link. Grain: one row of daily/tokens of one campaign.
-- Parameters: tokens (the statement daily/tokens). Columns: campaign, day, token, state, tag,
-- application, n (visits), made (conversions), others and others_made (of visits neither by the
-- sharer's own hand nor a second time), passed_on (they came by a share).
-- A link may lead to an address with a tag: such visits are known by both, and count once.
CREATE TEMPORARY TABLE campaign_arrivals AS
SELECT DISTINCT
    campaign, day, token, state, tag, application, n, made, others, others_made, passed_on
FROM
(
    SELECT
        tupleElement(known_by, 1) AS kind, tupleElement(known_by, 2) AS word, day, token, state,
        tag, application, n, made, others, others_made, state = 'valid' AS passed_on
    FROM
    (
        SELECT
            day, token, state, campaign AS tag, application, n, made, others, others_made,
            arrayJoin([('link', if(state = 'link', token, '')), ('tag', campaign)]) AS known_by
        FROM (%(tokens)s) AS tokens
        WHERE state = 'link' OR campaign != ''
    ) AS marked
    WHERE tupleElement(known_by, 2) != ''
) AS named
GLOBAL ALL INNER JOIN (SELECT kind, word, campaign, begins, ends FROM campaign_keys) AS wanted
USING (kind, word)
WHERE day >= begins AND (day <= ends OR passed_on)
