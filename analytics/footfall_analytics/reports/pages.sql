-- Pages: which were looked at, by how many, and how long each took to serve.
-- Which pages are shown is known from the views alone: only for those is anybody counted.
-- Imported logs carry no duration: the median is of the views that do.
SELECT
    path,
    count() AS page_views,
    uniqExactIf(cityHash64(site, visitor_id, visit_number), visit_number > 0) AS visits,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors,
    uniqExactIf(linked_member_id, linked_member_id != '') AS members,
    quantileExactLowOrNullIf(0.5)(duration_us, duration_us > 0) / 1000 AS median_ms
FROM {database:Identifier}.member_events
WHERE kind = 'page_view'
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of member_events */
    AND path IN
    (
        SELECT path
        FROM {database:Identifier}.events
        WHERE kind = 'page_view'
            AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
            AND ({site:String} = '' OR site = {site:String})
            AND ({bots:Bool} OR bot = '')
            AND true /* filters of events */
        GROUP BY path
        ORDER BY count() DESC, path
        LIMIT {limit:UInt32}
    )
GROUP BY path
ORDER BY page_views DESC, path
LIMIT {limit:UInt32}
