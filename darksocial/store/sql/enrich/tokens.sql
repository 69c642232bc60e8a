-- Distinct share tokens and link codes. Columns: token_key, site, token.
SELECT token_key, any(site) AS site, any(any_token) AS token
FROM keyed
WHERE token_key != 0
GROUP BY token_key
