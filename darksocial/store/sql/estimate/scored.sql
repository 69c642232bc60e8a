-- The probability of each combination of features, and the three features that say most.
-- Grain: one cell. A reason ends with + or -: towards a share or away from it.
-- Parameters: constant, cap; for each feature the codes of its levels, their weights and words
-- (arrays), and its usual weight (mean):
-- page_codes, page_weights, page_words, page_mean, length_codes, length_weights, length_words, length_mean,
-- device_codes, device_weights, device_words, device_mean, visitor_kind_codes, visitor_kind_weights,
-- visitor_kind_words, visitor_kind_mean, navigation_codes, navigation_weights, navigation_words, navigation_mean,
-- fetch_codes, fetch_weights, fetch_words, fetch_mean, shared_codes, shared_weights, shared_words, shared_mean,
-- sharing_codes, sharing_weights, sharing_words, sharing_mean, busy_codes, busy_weights, busy_words, busy_mean,
-- burst_codes, burst_weights, burst_words, burst_mean, age_codes, age_weights, age_words, age_mean, clock_codes,
-- clock_weights, clock_words, clock_mean.
CREATE TEMPORARY TABLE est_scored AS
SELECT
    cell,
    if(visitor_kind = 3, least(raw, %(cap)s), raw) AS probability,
    arrayStringConcat(arrayMap(x -> concat(tupleElement(x, 2), if(tupleElement(x, 1) > 0, ' (+)', ' (-)')),
        arraySlice(arrayReverseSort(x -> abs(tupleElement(x, 1)),
            arrayFilter(x -> tupleElement(x, 2) != '', said)), 1, 3)), ', ') AS reasons
FROM
(
    SELECT cell, visitor_kind,
        1 / (1 + exp(-(%(constant)s + page_weight + length_weight + device_weight + visitor_kind_weight
            + navigation_weight + fetch_weight + shared_weight + sharing_weight + busy_weight
            + burst_weight + age_weight + clock_weight))) AS raw,
        [
            tuple(page_weight - %(page_mean)s, page_word),
            tuple(length_weight - %(length_mean)s, length_word),
            tuple(device_weight - %(device_mean)s, device_word),
            tuple(visitor_kind_weight - %(visitor_kind_mean)s, visitor_kind_word),
            tuple(navigation_weight - %(navigation_mean)s, navigation_word),
            tuple(fetch_weight - %(fetch_mean)s, fetch_word),
            tuple(shared_weight - %(shared_mean)s, shared_word),
            tuple(sharing_weight - %(sharing_mean)s, sharing_word),
            tuple(busy_weight - %(busy_mean)s, busy_word),
            tuple(burst_weight - %(burst_mean)s, burst_word),
            tuple(age_weight - %(age_mean)s, age_word),
            tuple(clock_weight - %(clock_mean)s, clock_word)
        ] AS said
    FROM
    (
        SELECT cell, visitor_kind,
            transform(page, %(page_codes)s, %(page_weights)s, 0.) AS page_weight,
            transform(page, %(page_codes)s, %(page_words)s, '') AS page_word,
            transform(length, %(length_codes)s, %(length_weights)s, 0.) AS length_weight,
            transform(length, %(length_codes)s, %(length_words)s, '') AS length_word,
            transform(device, %(device_codes)s, %(device_weights)s, 0.) AS device_weight,
            transform(device, %(device_codes)s, %(device_words)s, '') AS device_word,
            transform(visitor_kind, %(visitor_kind_codes)s, %(visitor_kind_weights)s, 0.) AS visitor_kind_weight,
            transform(visitor_kind, %(visitor_kind_codes)s, %(visitor_kind_words)s, '') AS visitor_kind_word,
            transform(navigation, %(navigation_codes)s, %(navigation_weights)s, 0.) AS navigation_weight,
            transform(navigation, %(navigation_codes)s, %(navigation_words)s, '') AS navigation_word,
            transform(fetch, %(fetch_codes)s, %(fetch_weights)s, 0.) AS fetch_weight,
            transform(fetch, %(fetch_codes)s, %(fetch_words)s, '') AS fetch_word,
            transform(shared, %(shared_codes)s, %(shared_weights)s, 0.) AS shared_weight,
            transform(shared, %(shared_codes)s, %(shared_words)s, '') AS shared_word,
            transform(sharing, %(sharing_codes)s, %(sharing_weights)s, 0.) AS sharing_weight,
            transform(sharing, %(sharing_codes)s, %(sharing_words)s, '') AS sharing_word,
            transform(busy, %(busy_codes)s, %(busy_weights)s, 0.) AS busy_weight,
            transform(busy, %(busy_codes)s, %(busy_words)s, '') AS busy_word,
            transform(burst, %(burst_codes)s, %(burst_weights)s, 0.) AS burst_weight,
            transform(burst, %(burst_codes)s, %(burst_words)s, '') AS burst_word,
            transform(age, %(age_codes)s, %(age_weights)s, 0.) AS age_weight,
            transform(age, %(age_codes)s, %(age_words)s, '') AS age_word,
            transform(clock, %(clock_codes)s, %(clock_weights)s, 0.) AS clock_weight,
            transform(clock, %(clock_codes)s, %(clock_words)s, '') AS clock_word
        FROM (SELECT * FROM est_features WHERE role = 2 LIMIT 1 BY cell) AS cells
    ) AS weighed
) AS told
