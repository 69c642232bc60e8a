-- Numbers of the migrations that this store has had.
SELECT DISTINCT number FROM migrations ORDER BY number
