-- Visits that carry a campaign's tag or link. Grain: one visit of one campaign. Parameters: site.
-- Columns: campaign, id, day, ts, visitor, made (conversions), passed_on (it came by a
-- share), others (and neither by the sharer's own hand nor a second time).
-- A link may lead to an address with a tag: such a visit is known by both, and counts once.
CREATE TEMPORARY TABLE campaign_arrivals AS
SELECT DISTINCT campaign, id, day, ts, visitor, made, passed_on, others
FROM
(
    SELECT
        multiIf(token_state = 'link', 'link', 'tag') AS kind,
        multiIf(token_state = 'link', toString(token), toString(utm_campaign)) AS word,
        id, day, toUInt32(ts) AS ts, visitor, conversions AS made,
        token_state = 'valid' AS passed_on,
        evidence != 'own_share' AND repeated = 0
            AND NOT (returning = '1' AND url_seen = '1') AS others
    FROM visits
    WHERE site = %(site)s AND channel != 'internal' AND (token_state = 'link' OR utm_campaign != '')
    UNION ALL
    SELECT
        'tag' AS kind, toString(utm_campaign) AS word, id, day, toUInt32(ts) AS ts, visitor,
        conversions AS made, toUInt8(0) AS passed_on,
        evidence != 'own_share' AND repeated = 0
            AND NOT (returning = '1' AND url_seen = '1') AS others
    FROM visits
    WHERE site = %(site)s AND channel != 'internal' AND token_state = 'link' AND utm_campaign != ''
) AS marked
GLOBAL ALL INNER JOIN (SELECT kind, word, campaign, begins, ends FROM campaign_keys) AS wanted
USING (kind, word)
WHERE day >= begins AND (day <= ends OR passed_on)
