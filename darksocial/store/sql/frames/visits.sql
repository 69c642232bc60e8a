-- Arrivals, in the order of the frame's rows. Columns: row and what a visit adds to its first hit.
SELECT
    bitAnd(id, 1073741823) AS row, pages, seconds, reported_channel, channel, application,
    application_kind, evidence, probability, reason, toString(id) AS visit_id
FROM visits
WHERE channel != 'internal'
ORDER BY row
