-- What became of the shares of a range of days. Parameters: outcome (table), first, last, by (name of a column),
-- kind (share or link). Columns: value, minted, pasted, clicked, reshared, converted,
-- pasted_never_clicked, possible, visits, conversions.
-- The address in a context menu may never have been copied: such a token is possible until it is
-- seen again.
SELECT
    toString(%(by)s) AS value,
    countIf(counts) AS minted,
    countIf(fetched > 0) AS pasted,
    countIf(came > 0) AS clicked,
    countIf(reshares > 0) AS reshared,
    countIf(converting > 0) AS converted,
    countIf(fetched > 0 AND came = 0) AS pasted_never_clicked,
    countIf(NOT counts) AS possible,
    toUInt64(sum(came)) AS visits,
    toUInt64(sum(made)) AS conversions
FROM
(
    SELECT
        token, method, page, application, fetched, converting, reshares, visits AS came,
        conversions AS made,
        method != 'context_menu' OR fetched > 0 OR visits > 0 OR reshares > 0 AS counts
    FROM %(outcome)s AS outcome
    WHERE (kind = 'link') = (%(kind)s = 'link')
        AND (kind = 'link' OR day BETWEEN %(first)s AND %(last)s)
) AS cohort
GROUP BY value
ORDER BY minted DESC, visits DESC, value
