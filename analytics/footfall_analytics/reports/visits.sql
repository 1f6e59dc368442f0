-- Visits: how many began, by how many visitors, and what they were like. The total comes first, then the newest bucket.
-- A visit counts where it began. Who bounced looked at one page; a visit of one request has no duration.
SELECT
    grouping(bucket) AS is_total,
    if({by:String} = 'hour', formatDateTime(bucket, '%FT%H:%i:%S%z', {timezone:String}), toString(bucket)) AS bucket_start,
    count() AS visits,
    uniqExact(cityHash64(visitor_id)) AS visitors,
    uniqExactIf(cityHash64(visitor_id), visit_number = 1) AS new_visitors,
    avgOrNull(page_views) AS pages_per_visit,
    if(countIf(page_views > 0) = 0, NULL, countIf(bounced) / countIf(page_views > 0)) AS bounce_share,
    quantileExactLowOrNull(0.5)(seconds) AS median_seconds
FROM
(
    SELECT visitor_id, visit_number, page_views, bounced, seconds, dateTrunc({by:String}, started, {timezone:String}) AS bucket
    FROM {database:Identifier}.visits
    WHERE started >= {since:DateTime64(3, 'UTC')} AND started < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of visits */
)
GROUP BY bucket WITH ROLLUP
ORDER BY is_total DESC, bucket DESC
LIMIT {limit:UInt32}
