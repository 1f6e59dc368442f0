-- Sources: where visits came from. A visit belongs to the source of its entry, the first page view of it, even where
-- that lies before the period; so does each page view of the visit. Who was anonymous has no visit: each such view
-- belongs to its own source, and is an entry unless a link on the site itself led to it.
SELECT
    source,
    channel,
    sum(visits) AS visits,
    sum(page_views) AS page_views,
    sum(anonymous_entries) AS anonymous_entries
FROM
(
    SELECT
        entry.1 AS source,
        entry.2 AS channel,
        1 AS visits,
        views AS page_views,
        0 AS anonymous_entries
    FROM
    (
        SELECT
            argMin((source, channel), (indexOf(['page_view', 'request'], kind) = 0, kind != 'page_view', time)) AS entry,
            countIf(kind = 'page_view' AND time >= {since:DateTime64(3, 'UTC')}) AS views,
            max(time) >= {since:DateTime64(3, 'UTC')} AS active
        FROM {database:Identifier}.events
        WHERE visit_number > 0
            AND time < {until:DateTime64(3, 'UTC')}
            AND ({site:String} = '' OR site = {site:String})
            AND ({bots:Bool} OR bot = '')
            AND true /* filters of events */
        GROUP BY site, visitor_id, visit_number
        HAVING active
    )
    UNION ALL
    SELECT
        source,
        channel,
        0 AS visits,
        1 AS page_views,
        channel != 'Internal' AS anonymous_entries
    FROM {database:Identifier}.events
    WHERE visit_number = 0
        AND kind = 'page_view'
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of events */
)
GROUP BY source, channel
ORDER BY visits DESC, page_views DESC, source, channel
LIMIT {limit:UInt32}
