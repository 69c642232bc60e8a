-- In which application a token was passed on, and whether it was seen in one.
-- Grain: one token or code. Parameters: site. Columns: token, fetched, named_by_preview.
CREATE TEMPORARY TABLE sharing_previews AS
SELECT token, toUInt64(sum(n)) AS fetched, argMin(application, first) AS named_by_preview
FROM
(
    SELECT token, toString(application) AS application, uniqExact(id) AS n,
        if(application = '', toUInt32(4294967295), toUInt32(min(ts))) AS first
    FROM previews
    WHERE site = %(site)s
    GROUP BY token, application
) AS by_application
GROUP BY token
