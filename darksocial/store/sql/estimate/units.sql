-- What came to a deep page in half a week, in two halves drawn at random: each visit from a search
-- engine or another public place by its id, each token as a whole.
-- Grain: one page and window. Parameters: start (hours since 1970), window (hours), groups, seed.
-- Columns: page_key, grp, place (of the window) and born (the page's first one), untagged,
-- tagged_a, tagged_b, search_a, search_b, public_a, public_b, seen_a, seen_b (untagged visitors
-- who had seen the page before).
SELECT
    page_key, toUInt8(sipHash64(page_key) % %(groups)s) AS grp, place, min(first_window) AS born,
    countIf(role = 2) AS untagged,
    countIf(role = 1 AND token_half = 0) AS tagged_a,
    countIf(role = 1 AND token_half = 1) AS tagged_b,
    countIf(role = 3 AND half = 0) AS search_a, countIf(role = 3 AND half = 1) AS search_b,
    countIf(role = 4 AND half = 0) AS public_a, countIf(role = 4 AND half = 1) AS public_b,
    countIf(role = 2 AND visitor_kind = 3 AND half = 0) AS seen_a,
    countIf(role = 2 AND visitor_kind = 3 AND half = 1) AS seen_b
FROM
(
    SELECT
        page_key, role, visitor_kind, intDiv(hour - %(start)s, %(window)s) AS place,
        intDiv(first_hour - %(start)s, %(window)s) AS first_window,
        sipHash64(token, %(seed)s) % 2 AS token_half, sipHash64(id, %(seed)s) % 2 AS half
    FROM est_arrivals
    GLOBAL ANY LEFT JOIN (SELECT page_key, page, first_hour FROM est_pages) AS landed USING (page_key)
    WHERE page = 3
) AS halved
GROUP BY page_key, place
