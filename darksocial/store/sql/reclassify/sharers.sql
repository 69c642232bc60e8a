-- What is known of the tokens and codes that the day's arrivals brought.
-- Grain: one token or code. Parameters: site.
-- A token whose share report was lost has no row here and still counts as evidence. Where a token
-- was reported more than once, the report that was recorded first counts: who saw somebody's
-- token cannot take it over.
CREATE TEMPORARY TABLE sharers AS
SELECT
    token, visitor AS shared_by, toUInt32(ts) AS shared_at, parent AS shared_parent,
    toString(method) AS shared_method, toString(application) AS shared_application,
    '' AS link_kind, '' AS link_label
FROM
(
    SELECT token, visitor, ts, parent, method, application
    FROM shares
    WHERE site = %(site)s AND token IN (SELECT token FROM arrivals WHERE token != '')
    ORDER BY recorded, ts, id
    LIMIT 1 BY token
) AS first_reports
UNION ALL
SELECT
    code AS token,
    toUInt64(0) AS shared_by,
    toUInt32(0) AS shared_at,
    '' AS shared_parent,
    '' AS shared_method,
    '' AS shared_application,
    argMax(kind, version) AS link_kind,
    argMax(label, version) AS link_label
FROM links
WHERE site = %(site)s AND code IN (SELECT token FROM arrivals WHERE token != '')
GROUP BY code
