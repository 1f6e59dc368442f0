-- Devices: what the pages were looked at with. Of anonymous views, only the families are kept.
SELECT
    device,
    browser,
    os,
    count() AS page_views,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors
FROM {database:Identifier}.events
WHERE kind = 'page_view'
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of events */
GROUP BY device, browser, os
ORDER BY page_views DESC, device, browser, os
LIMIT {limit:UInt32}
