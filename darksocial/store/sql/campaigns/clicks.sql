-- Clicks on the links of campaigns; a HEAD request is no click. Grain: one campaign.
-- Parameters: acts (the statement daily/acts). Columns: campaign, clicks.
SELECT campaign, toUInt64(sum(n)) AS clicks
FROM
(
    SELECT code AS word, n, day
    FROM (%(acts)s) AS acts
    WHERE kind = 'click' AND name != 'HEAD' AND program = 0
) AS clicked
GLOBAL ALL INNER JOIN
(
    SELECT word, campaign, begins, ends FROM campaign_keys WHERE kind = 'link'
) AS wanted USING (word)
WHERE day BETWEEN begins AND ends
GROUP BY campaign
