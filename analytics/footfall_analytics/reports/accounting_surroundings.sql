-- What the accounting should say beside its rows: the sites it adds together, those of which nothing became a row, too.
SELECT arraySort(groupUniqArray(toString(site))) AS sites, 0 AS robots
FROM
(
    SELECT day, site FROM {database:Identifier}.accounting
    UNION ALL
    SELECT toDate(time, 'UTC') AS day, site FROM {database:Identifier}.events
)
WHERE day >= {first_day:Date} AND day <= {last_day:Date}
    AND ({site:String} = '' OR site = {site:String})
