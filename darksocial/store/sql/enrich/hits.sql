-- Rows for `hits`: what arrived and what the rules say of it.
-- Grain: one hit. No parameters; the dimensions are temporary tables of this session.
-- A preview, a bot or a fetcher is stored without any identifier. A text that is no token of the
-- site may be anything that stands in the parameter, so only why it was refused is stored.
SELECT
    site, id, toDateTime(intDiv(ts, 1000), 'UTC') AS ts,
    toDateTime(intDiv(recorded, 1000), 'UTC') AS recorded,
    if(kind IN ('pageview', 'click', 'pixel') AND agent_kind = 'preview', 'preview', kind) AS kind,
    multiIf(agent_kind NOT IN ('browser', 'in_app', ''), toUInt64(0),
        visitor != 0, visitor, sipHash64(id)) AS visitor,
    host, if(clean_path = '', whole_path, clean_path) AS path,
    multiIf(code != '', code,
        token_state IN ('valid', 'link', 'expired', 'future'), any_token, '') AS token,
    token_state, parent,
    if(method = '', token_method, method) AS method,
    internal, referrer_host, referrer_path, referrer_kind, referrer_application,
    agent_kind, agent_application, agent_application_kind, browser, os, device,
    navigation, fetch_site, returning, url_seen, click_network, click_kind,
    source_key AS utm_source, medium_key AS utm_medium, campaign_key AS utm_campaign,
    reported_channel, name, value, currency, answer,
    if(agent_kind IN ('browser', 'in_app', ''), network, '') AS network, source
FROM keyed
ANY LEFT JOIN agents USING (agent_key)
ANY LEFT JOIN origins USING (origin_key)
ANY LEFT JOIN tokens USING (token_key)
ANY LEFT JOIN paths USING (whole_path)
