-- What holds of each arrival, and the number of the first rule of evidence that does.
-- Grain: one run of hits; a part of `visits`. Parameters: arrivals (table), rules (the rules, from data), and for each
-- fact its bit (`bit_` and its name). Where a referrer shows that the link was met elsewhere in public, the token
-- decides nothing.
SELECT
    *,
    if(method != '', toString(method), shared_method) AS passed_on_by,
    toUInt32(
        %(bit_arrived)s * (arrived != 0)
        + %(bit_tagged)s * (token != '')
        + %(bit_valid)s * (token_state = 'valid')
        + %(bit_own)s * (shared_by = visitor AND shared_at <= toUInt32(ts))
        + %(bit_public)s * ((referrer_kind IN ('social', 'search', 'ai', 'referral')) AS in_public)
        + %(bit_link)s * (link_kind != '')
        + %(bit_named)s * (referrer_application != '' OR agent_application != ''
            OR shared_application != '' OR click_network != '')
        + %(bit_previewed)s * (seen_in != '')
        + %(bit_campaign)s * (utm_source != '' OR utm_medium != '' OR utm_campaign != '')
        + %(bit_android)s * startsWith(referrer_host, 'android-app:')
        + %(bit_referrer)s * (referrer_kind != '')
        + %(bit_in_app)s * (agent_kind = 'in_app')
        + %(bit_click)s * (click_network != '')
        + %(bit_repeated)s * repeated
        + %(bit_advertised)s * (click_kind = 'ad' AND in_public)) AS facts,
    toUInt8(multiIf(
        %(rules)s)) AS rule
FROM
(
    SELECT * FROM
    (
        SELECT * FROM %(arrivals)s
        GLOBAL ANY LEFT JOIN (SELECT * FROM sharers) AS sharer USING (token)
    ) AS known
    GLOBAL ANY LEFT JOIN
    (
        SELECT
            visitor, step, max(seen_in) AS seen_in, max(seen_application) AS seen_application,
            max(seen_kind) AS seen_kind, max(seen_public) AS seen_public,
            max(repeated) AS repeated, max(interactions) AS interactions,
            max(engaged) AS engaged, max(scroll) AS scroll, max(conversions) AS conversions,
            groupArrayArray(conversion_names) AS conversion_names,
            groupArrayArray(conversion_values) AS conversion_values,
            groupArrayArray(conversion_currencies) AS conversion_currencies
        FROM beside
        GROUP BY visitor, step
    ) AS more USING (visitor, step)
) AS all_known
