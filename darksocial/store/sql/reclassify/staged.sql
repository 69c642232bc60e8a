-- How many visits were computed of each day. Grain: one day that has any.
SELECT day, count() AS n FROM computed GROUP BY day
