-- The strongest evidence of each arrival: the first that holds, in this order.
-- Grain: one run of hits. Parameters: arrivals (table).
-- Where a referrer shows that the link was met elsewhere in public, the token decides nothing.
CREATE TEMPORARY TABLE weighed AS
SELECT
    *,
    if(method != '', toString(method), shared_method) AS passed_on_by,
    multiIf(
        arrived = 0, '',
        token != '' AND shared_by = visitor AND shared_at <= toUInt32(ts)
            AND referrer_kind NOT IN ('social', 'search', 'ai', 'referral'), 'own_share',
        link_kind != '', 'link',
        token_state = 'valid' AND referrer_kind NOT IN ('social', 'search', 'ai', 'referral'),
            'token',
        utm_source != '' OR utm_medium != '' OR utm_campaign != '', 'campaign',
        startsWith(referrer_host, 'android-app:'), 'android_app',
        referrer_kind != '', 'referrer',
        agent_kind = 'in_app', 'in_app',
        click_network != '', 'click_id',
        'model') AS evidence
FROM
(
    SELECT * FROM %(arrivals)s
    GLOBAL ANY LEFT JOIN (SELECT * FROM sharers) AS sharer USING (token)
) AS known
