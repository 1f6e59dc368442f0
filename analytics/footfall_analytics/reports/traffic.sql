-- Traffic: what was served, and to how many. The total comes first, then the newest bucket.
-- A visit over midnight counts on both days and once in the total: uniques are counted, never summed.
SELECT
    grouping(bucket) AS is_total,
    if({by:String} = 'hour', formatDateTime(bucket, '%FT%H:%i:%S%z', {timezone:String}), toString(bucket)) AS bucket_start,
    countIf(kind = 'page_view') AS page_views,
    countIf(kind IN ('page_view', 'request')) AS requests,
    uniqExactIf(cityHash64(site, visitor_id, visit_number), visit_number > 0) AS visits,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors,
    uniqExactIf(linked_member_id, linked_member_id != '') AS members,
    if(page_views = 0, NULL, countIf(kind = 'page_view' AND visit_number = 0) / page_views) AS anonymous_share,
    sumIf(bytes, kind IN ('page_view', 'request')) AS bytes
FROM
(
    SELECT *, dateTrunc({by:String}, time, {timezone:String}) AS bucket
    FROM {database:Identifier}.member_events
    WHERE time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of member_events */
)
GROUP BY bucket WITH ROLLUP
ORDER BY is_total DESC, bucket DESC
LIMIT {limit:UInt32}
