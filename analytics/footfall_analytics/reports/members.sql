-- Members: what each of them used. Views before the sign-in in the same visit are theirs; those after a sign-out are not.
-- A member is here only through consent: where analytics was refused, no row carries a member or a visitor.
-- Only visitors who ever signed in are looked at.
-- Double-clicks on documents and databases fold as in those reports, so that the numbers agree.
SELECT
    linked_member_id AS member,
    countIf(kind = 'page_view') AS page_views,
    countIf(kind = 'document' AND NOT folded) AS documents,
    countIf(kind = 'database' AND NOT folded) AS databases,
    uniqExact(cityHash64(site, visitor_id, visit_number)) AS visits,
    uniqExact(cityHash64(visitor_id)) AS devices,
    toTimeZone(min(time), {timezone:String}) AS first_seen,
    toTimeZone(max(time), {timezone:String}) AS last_seen
FROM
(
    SELECT time, site, kind, visitor_id, visit_number, linked_member_id, false AS folded
    FROM {database:Identifier}.member_events
    WHERE kind NOT IN ('document', 'database')
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND (member_id != '' OR visitor_id IN (SELECT visitor_id FROM {database:Identifier}.visits WHERE notEmpty(members)))
        AND true /* filters of member_events */
    UNION ALL
    SELECT
        time, site, kind, visitor_id, visit_number, linked_member_id,
        visit_number > 0 AND leadInFrame(time, 1, time + INTERVAL 1 DAY) OVER (
            PARTITION BY site, visitor_id, kind, name ORDER BY time
            ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) <= time + INTERVAL 30 SECOND AS folded
    FROM {database:Identifier}.member_events
    WHERE kind IN ('document', 'database')
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')} + INTERVAL 30 SECOND
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND (member_id != '' OR visitor_id IN (SELECT visitor_id FROM {database:Identifier}.visits WHERE notEmpty(members)))
        AND true /* filters of member_events */
)
WHERE linked_member_id != '' AND time < {until:DateTime64(3, 'UTC')}
GROUP BY member
ORDER BY page_views DESC, member
LIMIT {limit:UInt32}
