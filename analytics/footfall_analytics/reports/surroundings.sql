-- What a report should say beside its rows: the sites it adds together, and what it leaves out as robots.
SELECT
    arraySort(groupUniqArray(toString(site))) AS sites,
    countIf(bot != '' AND kind IN {kinds:Array(String)}) AS robots
FROM {database:Identifier}.events
WHERE time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
