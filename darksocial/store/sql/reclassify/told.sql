-- What the evidence of each arrival says: the word that decides about the channel, the value that
-- stands beside the evidence, and the application with its kind.
-- Grain: one run of hits; a part of `visits`. Parameters: weighed (a statement).
-- Where only a preview names the application, referrer, agent, dialog and click id did not.
SELECT
    *,
    multiIf(
        evidence IN ('referrer', 'android_app'), toString(referrer_kind),
        evidence = 'in_app', if(agent_application_kind = '', 'unknown',
            toString(agent_application_kind)),
        evidence = 'click_id', if(click_kind = 'email', 'newsletter', toString(click_kind)),
        evidence IN ('link', 'preview') AND seen_public AND link_kind IN ('', 'person'),
            'social',
        evidence = 'link', link_kind,
        evidence = 'token' AND passed_on_by = 'share_link' AND shared_application IN ('X',
            'LinkedIn', 'Facebook', 'Reddit', 'Pinterest', 'Tumblr', 'XING'), 'social',
        evidence) AS decided_by,
    multiIf(
        evidence IN ('referrer', 'android_app'), toString(referrer_host),
        evidence = 'in_app', toString(agent_application),
        evidence = 'click_id', toString(click_network),
        evidence = 'link', link_label,
        evidence = 'preview', seen_in,
        evidence = 'token', passed_on_by,
        evidence = 'campaign', toString(utm_source),
        evidence = 'model' AND token_state NOT IN ('', 'link'),
            concat('the token was refused, ', toString(token_state)),
        '') AS value,
    multiIf(
        referrer_application != '', toString(referrer_application),
        agent_application != '', toString(agent_application),
        shared_application != '', shared_application,
        click_network != '', toString(click_network),
        evidence IN ('preview', 'link'), seen_application,
        '') AS named,
    multiIf(
        referrer_kind IN ('messenger', 'email', 'document'), toString(referrer_kind),
        agent_application_kind IN ('messenger', 'email', 'document', 'app'),
            toString(agent_application_kind),
        evidence = 'preview' OR (evidence = 'link' AND named = seen_application),
            if(seen_kind IN ('messenger', 'email', 'document', 'app'), seen_kind, ''),
        '') AS named_kind
FROM
(
    %(weighed)s
) AS all_weighed
