-- One member's timeline, the newest first: what they did signed in, and what was done before in a visit in which they
-- were the first to sign in. What came after a sign-out is nobody's.
WITH
    signed_in AS
    (
        SELECT DISTINCT
            site,
            visitor_id,
            visit_number,
            toDate(if(toUnixTimestamp(visit_started) = 0, toDateTime(time, 'UTC'), visit_started)) AS day
        FROM {database:Identifier}.member_log
        WHERE member_id = {member:String}
    ),
    began AS
    (
        SELECT site, visitor_id, visit_number, min(first_member).at AS since
        FROM {database:Identifier}.visit_states
        WHERE (site, day) IN (SELECT site, day FROM signed_in)
            AND (site, visitor_id, visit_number) IN (SELECT site, visitor_id, visit_number FROM signed_in)
        GROUP BY site, visitor_id, visit_number
        HAVING min(first_member).id = {member:String}
    )
SELECT time, site, kind, path, name, status, device, browser, visit_number, member_how AS how
FROM
(
    SELECT time, site, kind, path, name, status, device, browser, visit_number, member_how
    FROM {database:Identifier}.member_log
    WHERE member_id = {member:String}
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
    UNION ALL
    SELECT time, site, kind, path, name, status, device, browser, visit_number, member_how
    FROM {database:Identifier}.events AS events
    INNER JOIN began USING (site, visitor_id, visit_number)
    WHERE member_id = '' AND time < began.since
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND (site, toDate(time)) IN (SELECT site, arrayJoin([day, day + 1]) FROM signed_in)
        AND visitor_id IN (SELECT visitor_id FROM began)
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
)
ORDER BY time DESC, kind, path, name
LIMIT {limit:UInt32}
