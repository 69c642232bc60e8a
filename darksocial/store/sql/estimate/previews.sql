-- Previews that the sender's own device fetched: how many of the links carried a token.
-- Grain: one application and group. Parameters: site, begin, end (UTC), applications, groups.
-- Others are left out: servers keep what they fetched, so a plain link that was posted before
-- leaves no trace. Columns: unit, device (unknown: 0), grp, tagged, bare.
SELECT
    concat('preview ', CAST(agent_application AS String)) AS unit, toUInt8(0) AS device,
    toUInt8(sipHash64(CAST(host AS String), CAST(path AS String)) % %(groups)s) AS grp,
    countIf(token_state = 'valid' AND token NOT IN (SELECT token FROM est_hidden)) AS tagged,
    countIf(token_state = '' OR token IN (SELECT token FROM est_hidden)) AS bare
FROM hits
WHERE site = %(site)s AND ts >= %(begin)s AND ts < %(end)s AND kind = 'preview'
    AND agent_application IN %(applications)s
GROUP BY unit, device, grp
