-- What is known of the tokens and codes that the day's arrivals brought.
-- Grain: one token or code. Parameters: site.
-- A token whose share report was lost has no row here and still counts as evidence.
CREATE TEMPORARY TABLE sharers AS
SELECT
    token,
    argMin(visitor, id) AS shared_by,
    toUInt32(min(ts)) AS shared_at,
    argMin(parent, id) AS shared_parent,
    argMin(method, id) AS shared_method,
    argMin(application, id) AS shared_application,
    '' AS link_kind,
    '' AS link_label
FROM shares
WHERE site = %(site)s AND token IN (SELECT token FROM arrivals WHERE token != '')
GROUP BY token
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
