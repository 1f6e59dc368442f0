-- The sites that have rows, or requests that became none.
SELECT DISTINCT toString(site) AS site
FROM
(
    SELECT site FROM {database:Identifier}.events GROUP BY site
    UNION ALL
    SELECT site FROM {database:Identifier}.accounting GROUP BY site
)
ORDER BY site
