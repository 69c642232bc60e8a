-- The last actions, the newest first. Parameters: limit. Columns: at, actor, action, target.
SELECT at, actor, action, target FROM audit ORDER BY at DESC LIMIT %(limit)s
