-- Requests that were declined, by what they became. Columns: became, n.
SELECT became, count() AS n FROM import_declined GROUP BY became
