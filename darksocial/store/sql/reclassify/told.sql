-- What the evidence of each arrival says: channel and kind of application as numbers, application and
-- reason as texts.
-- Grain: one run of hits; a part of `visits`. Parameters: weighed (a statement); words (what referrers,
-- agents, click ids, links and previews call kinds of places) with their_channels, clicks_channels and
-- their_kinds; numbers of rules with rules_channels (0 where the place decides); public_dialogs
-- (applications whose share dialogs post in public); and the numbers of channels (`channel_` and its
-- name), kinds (`kind_` and its name), rules (`rule_` and its name) and facts (`bit_` and its name).
-- Decided with numbers, whose terms exclude each other; texts for each row and step would cost most of
-- the work. Where only a preview names the application, referrer, agent, dialog and click id did not.
SELECT
    *,
    (rule IN (%(rule_link)s, %(rule_preview)s) AND seen_public AND link_kind IN ('', 'person'))
        OR (rule = %(rule_token)s AND passed_on_by = 'share_link'
            AND shared_application IN %(public_dialogs)s) AS publicly,
    toUInt8(if(publicly, %(channel_social)s,
        transform(rule, %(numbers)s, %(rules_channels)s, 0)
        + (rule IN (%(rule_referrer)s, %(rule_android_app)s)) * transform(
            referrer_kind, %(words)s, %(their_channels)s, %(channel_dark_social)s)
        + (rule = %(rule_in_app)s) * transform(
            agent_application_kind, %(words)s, %(their_channels)s, %(channel_dark_social)s)
        + (rule = %(rule_click_id)s) * transform(
            click_kind, %(words)s, %(clicks_channels)s, %(channel_dark_social)s)
        + (rule = %(rule_link)s) * transform(
            link_kind, %(words)s, %(their_channels)s, %(channel_dark_social)s))) AS channel_number,
    transform(referrer_kind, %(words)s, %(their_kinds)s, 0) AS referrer_says,
    transform(agent_application_kind, %(words)s, %(their_kinds)s, 0) AS agent_says,
    toUInt8(multiIf(
        channel_number != %(channel_dark_social)s, %(kind_none)s,
        referrer_says NOT IN (%(kind_unknown)s, %(kind_app)s), referrer_says,
        agent_says != %(kind_unknown)s, agent_says,
        rule = %(rule_preview)s OR (rule = %(rule_link)s AND bitAnd(facts, %(bit_named)s) = 0),
            transform(seen_kind, %(words)s, %(their_kinds)s, %(kind_unknown)s),
        %(kind_unknown)s)) AS kind_number,
    multiIf(
        channel_number NOT IN (%(channel_dark_social)s, %(channel_social)s, %(channel_ai)s,
            %(channel_search)s), '',
        referrer_application != '', referrer_application,
        agent_application != '', agent_application,
        shared_application != '', shared_application,
        click_network != '', click_network,
        rule IN (%(rule_preview)s, %(rule_link)s), seen_application,
        '') AS application,
    multiIf(
        rule = %(rule_internal)s, '',
        rule = %(rule_model)s AND token_state IN ('', 'link'), 'model',
        rule = %(rule_referrer)s, concat('referrer: ', referrer_host),
        rule = %(rule_android_app)s, concat('android_app: ', referrer_host),
        rule = %(rule_in_app)s, concat('in_app: ', agent_application),
        rule = %(rule_click_id)s, concat('click_id: ', click_network),
        rule = %(rule_campaign)s, concat('campaign: ', utm_source),
        rule = %(rule_token)s, concat('token: ', passed_on_by),
        rule = %(rule_own_share)s, 'own_share',
        rule = %(rule_preview)s, concat('preview: ', seen_in, '; token: ', passed_on_by),
        rule = %(rule_link)s AND seen_in != '',
            concat('link: ', link_label, '; preview: ', seen_in),
        rule = %(rule_link)s, concat('link: ', link_label),
        concat('model: the token was refused, ', token_state)) AS reason_given
FROM
(
    %(weighed)s
) AS all_weighed
