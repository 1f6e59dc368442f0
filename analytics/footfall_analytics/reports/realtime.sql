-- Realtime: page views and visitors of each minute. The total comes first, with the visitors of the last five minutes
-- in place of a minute. Of who is anonymous only the minute is known.
SELECT
    grouping(minute) AS is_total,
    formatDateTime(minute, '%FT%H:%i:%S+0000') AS minute_start,
    countIf(kind = 'page_view') AS page_views,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0 AND time >= {until:DateTime64(3, 'UTC')} - INTERVAL 5 MINUTE) AS visitors_now
FROM
(
    SELECT *, toStartOfMinute(time) AS minute
    FROM {database:Identifier}.events
    WHERE time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of events */
)
GROUP BY GROUPING SETS ((minute), ())
ORDER BY is_total DESC, minute DESC
LIMIT {limit:UInt32}
