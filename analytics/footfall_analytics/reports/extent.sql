-- The first and the last row of a site, or of all: the period of a report that names none.
SELECT count() AS events, min(time) AS first, max(time) AS last
FROM {database:Identifier}.events
WHERE {site:String} = '' OR site = {site:String}
