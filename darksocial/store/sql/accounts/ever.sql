-- How many accounts there ever were, removed ones included. Columns: n.
SELECT uniqExact(name) AS n FROM accounts
