-- Exit pages: where visits that ended in the period ended; `exit_share` is of the visits that looked at the page.
SELECT
    path,
    sum(exits) AS exits,
    sum(visitors) AS visitors,
    sum(seen) AS visits,
    if(visits = 0, NULL, least(exits / visits, 1)) AS exit_share
FROM
(
    SELECT exit_page AS path, count() AS exits, uniqExact(cityHash64(visitor_id)) AS visitors, 0 AS seen
    FROM {database:Identifier}.visits
    WHERE page_views > 0
        AND ended >= {since:DateTime64(3, 'UTC')} AND ended < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of visits */
    GROUP BY path
    UNION ALL
    SELECT path, 0 AS exits, 0 AS visitors, uniqExact(cityHash64(site, visitor_id, visit_number)) AS seen
    FROM {database:Identifier}.events
    WHERE kind = 'page_view' AND visit_number > 0
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of events */
        AND path IN
        (
            SELECT exit_page
            FROM {database:Identifier}.visits
            WHERE page_views > 0
                AND ended >= {since:DateTime64(3, 'UTC')} AND ended < {until:DateTime64(3, 'UTC')}
                AND ({site:String} = '' OR site = {site:String})
                AND ({bots:Bool} OR bot = '')
                AND true /* filters of visits */
            GROUP BY exit_page
            ORDER BY count() DESC, exit_page
            LIMIT {limit:UInt32}
        )
    GROUP BY path
)
GROUP BY path
HAVING exits > 0
ORDER BY exits DESC, path
LIMIT {limit:UInt32}
