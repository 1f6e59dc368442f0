-- The first and the last day that was accounted for, or has rows, in UTC.
SELECT count() AS days, min(day) AS first, max(day) AS last
FROM
(
    SELECT day FROM {database:Identifier}.accounting WHERE {site:String} = '' OR site = {site:String}
    UNION ALL
    SELECT toDate(time, 'UTC') AS day FROM {database:Identifier}.events WHERE {site:String} = '' OR site = {site:String}
)
