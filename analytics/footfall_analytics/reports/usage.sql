-- Documents, and databases: which were used, how often, and by how many; `kind` says which of the two is asked for.
-- A double-click counts once: a click followed by another of the same visitor on the same name within 30 s
-- folds into that later one (COUNTER Code of Practice 5, §7.2). The search for a later click looks past the period's
-- end, so that the days of a month add up to the month. Nobody can tell anonymous clicks apart: each of them counts.
SELECT
    name,
    countIf(NOT folded) AS uses,
    uniqExactIf(cityHash64(visitor_id), visit_number > 0) AS users,
    uniqExactIf(linked_member_id, linked_member_id != '') AS members,
    countIf(visit_number = 0) AS anonymous_uses,
    count() AS clicks
FROM
(
    SELECT
        time, name, visitor_id, visit_number, linked_member_id,
        leadInFrame(time, 1, time + INTERVAL 1 DAY) OVER (
            PARTITION BY site, visitor_id, name ORDER BY time
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS next_click,
        visit_number > 0 AND next_click <= time + INTERVAL 30 SECOND AS folded
    FROM {database:Identifier}.member_events
    WHERE kind = {kind:String}
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')} + INTERVAL 30 SECOND
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of member_events */
)
WHERE time < {until:DateTime64(3, 'UTC')}
GROUP BY name
ORDER BY uses DESC, name
LIMIT {limit:UInt32}
