-- Page views by one dimension, and how many made them.
SELECT
    toString(dimension) AS value,
    count() AS page_views,
    uniqExactIf(cityHash64(site, visitor_id, visit_number), visit_number > 0) AS visits,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS visitors,
    uniqExactIf(linked_member_id, linked_member_id != '') AS members
FROM
(
    SELECT site, visitor_id, visit_number, linked_member_id, country /* dimension */ AS dimension
    FROM {database:Identifier}.member_events
    WHERE kind = 'page_view'
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of member_events */
)
GROUP BY value
ORDER BY page_views DESC, value
LIMIT {limit:UInt32}
