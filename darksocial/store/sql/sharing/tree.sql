-- The tree that holds a token. Grain: one share or link. Parameters: outcome (table), token, limit.
-- Columns: token, parent, kind, label, method, application, page, shared (seconds since 1970),
-- generation, visits, reshares, conversions.
SELECT
    token, if(parented = 1, up, '') AS parent, kind, label, method, application, page,
    at AS shared, generation, visits, reshares, conversions
FROM %(outcome)s AS outcome
WHERE root IN (SELECT root FROM %(outcome)s AS outcome WHERE token = %(token)s)
ORDER BY generation, at, token
LIMIT %(limit)s
