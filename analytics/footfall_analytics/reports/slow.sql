-- Slow routes: how long answers take, the worst twentieth first. Imported logs carry no duration and are left out.
SELECT
    if(route != '', route, path) AS place,
    count() AS requests,
    quantileExactLow(0.5)(duration_us) / 1000 AS p50_ms,
    quantileExact(0.95)(duration_us) / 1000 AS p95_ms,
    max(duration_us) / 1000 AS slowest_ms
FROM {database:Identifier}.events
WHERE kind IN ('page_view', 'request')
    AND duration_us > 0
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of events */
GROUP BY place
ORDER BY p95_ms DESC, place
LIMIT {limit:UInt32}
