-- The sites that have rows.
SELECT DISTINCT toString(site) AS site
FROM {database:Identifier}.events
ORDER BY site
