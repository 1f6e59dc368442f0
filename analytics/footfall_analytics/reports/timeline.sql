-- One member's timeline, the newest first: what they did signed in, and what was done before in a visit in which they
-- were the first to sign in. What came after a sign-out is nobody's. The view reads no other member's rows.
SELECT time, site, kind, path, name, status, device, browser, visit_number, signed_in
FROM DATABASE.timeline(member={member:String})
WHERE time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
ORDER BY time DESC, kind, path, name
LIMIT {limit:UInt32}
