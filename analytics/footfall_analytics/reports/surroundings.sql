-- What a report should say beside its rows: the sites it adds together, and what it leaves out as robots.
SELECT
    arraySort(groupArray(toString(site))) AS sites,
    sum(robots_of_site) AS robots
FROM
(
    SELECT site, countIf(bot != '' AND kind IN {kinds:Array(String)}) AS robots_of_site
    FROM {database:Identifier}.events
    WHERE time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
    GROUP BY site
)
