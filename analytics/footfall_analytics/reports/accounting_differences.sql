-- The days on which the rows that are there are not the rows that were counted. It should find none.
SELECT
    day,
    site,
    sum(counted) AS counted,
    sum(found) AS found
FROM
(
    SELECT day, site, requests AS counted, 0 AS found
    FROM {database:Identifier}.accounting
    WHERE outcome = 'row'
    UNION ALL
    SELECT toDate(time, 'UTC') AS day, site, 0 AS counted, count() AS found
    FROM {database:Identifier}.events
    WHERE kind IN ('page_view', 'request')
    GROUP BY day, site
)
WHERE day >= {first_day:Date} AND day <= {last_day:Date}
    AND ({site:String} = '' OR site = {site:String})
GROUP BY day, site
HAVING counted != found
ORDER BY day, site
