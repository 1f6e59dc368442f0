-- Errors: what was not found and what broke, by the app's pattern where it has one, and the page that led there.
SELECT
    status,
    if(route != '', route, path) AS place,
    referrer,
    count() AS times,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors,
    max(time) AS last_seen
FROM {database:Identifier}.events
WHERE kind IN ('page_view', 'request')
    AND (status = 404 OR status >= 500)
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of events */
GROUP BY status, place, referrer
ORDER BY times DESC, status, place, referrer
LIMIT {limit:UInt32}
