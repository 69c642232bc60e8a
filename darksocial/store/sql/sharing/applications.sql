-- The application of most of a token's visits. Grain: one token or code.
-- Parameters: tokens (the statement daily/tokens). Columns: token, named_by_visits.
CREATE TEMPORARY TABLE sharing_applications AS
SELECT token, application AS named_by_visits
FROM
(
    SELECT token, application, sum(n) AS came
    FROM (%(tokens)s) AS tokens
    WHERE token != '' AND application != ''
    GROUP BY token, application
    ORDER BY came DESC, application
    LIMIT 1 BY token
) AS most
