-- Write down an action. Parameters: at, actor, action, target.
INSERT INTO audit (at, actor, action, target) SELECT %(at)s, %(actor)s, %(action)s, %(target)s
