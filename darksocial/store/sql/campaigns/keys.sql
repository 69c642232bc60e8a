-- By what a campaign's visits are known. Grain: one utm_campaign or link code of a campaign.
-- Parameters: all (the text of campaigns/all), site.
-- Columns: campaign, kind (tag or link), word, begins, ends (2105 where it has none).
CREATE TEMPORARY TABLE campaign_keys AS
SELECT
    name AS campaign, kind, word, begins,
    if(ends = toDate('1970-01-01'), toDate('2105-12-31'), ends) AS ends
FROM
(
    SELECT name, begins, ends, 'tag' AS kind, arrayJoin(tags) AS word
    FROM (%(all)s) AS of_tags
    UNION ALL
    SELECT name, begins, ends, 'link' AS kind, arrayJoin(codes) AS word
    FROM (%(all)s) AS of_codes
) AS named
