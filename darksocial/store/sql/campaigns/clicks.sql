-- Clicks on the links of campaigns. Grain: one campaign. Parameters: site, first, last, timezone.
-- Columns: campaign, clicks.
SELECT campaign, uniqExact(id) AS clicks
FROM
(
    SELECT token AS word, id, toDate(ts, %(timezone)s) AS day
    FROM hits
    WHERE site = %(site)s AND kind = 'click' AND token_state = 'link'
        AND agent_kind IN ('', 'browser', 'in_app')
        AND toDate(ts, %(timezone)s) BETWEEN %(first)s AND %(last)s
) AS clicked
GLOBAL ALL INNER JOIN
(
    SELECT word, campaign, begins, ends FROM campaign_keys WHERE kind = 'link'
) AS wanted USING (word)
WHERE day BETWEEN begins AND ends
GROUP BY campaign
