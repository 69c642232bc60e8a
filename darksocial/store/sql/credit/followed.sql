-- Those whose way to a conversion is looked up. Grain: one visitor. Parameters: model.
-- The last touch is the visit of the conversion itself, unless that goes on after a pause.
CREATE TEMPORARY TABLE credit_followed AS
SELECT DISTINCT visitor FROM credit_outcomes
WHERE %(model)s != 'last_touch' OR channel = 'internal'
