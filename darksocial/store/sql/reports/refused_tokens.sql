-- Visits that brought a token which proves nothing, by the reason of its refusal.
-- Parameters: site, first, last. Columns: reason, visits.
SELECT token_state AS reason, count() AS visits
FROM visits
WHERE site = %(site)s AND day BETWEEN %(first)s AND %(last)s AND channel != 'internal'
    AND token_state NOT IN ('', 'valid', 'link')
GROUP BY reason
ORDER BY visits DESC, reason
