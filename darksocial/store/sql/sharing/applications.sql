-- The application of most of a token's visits. Grain: one token or code. Parameters: site.
-- Columns: token, named_by_visits.
CREATE TEMPORARY TABLE sharing_applications AS
SELECT token, application AS named_by_visits
FROM
(
    SELECT token, toString(application) AS application, count() AS n
    FROM visits
    WHERE site = %(site)s AND token != '' AND token_state IN ('valid', 'link')
        AND channel IN ('dark_social', 'social') AND application != ''
    GROUP BY token, application
    ORDER BY n DESC, application
    LIMIT 1 BY token
) AS most
