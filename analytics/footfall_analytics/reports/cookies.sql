-- Cookies that the guard did not let pass: which, where, how often, and why. `declared` tells whether the settings
-- know the cookie; one that they do not is one line away from passing, or something that nobody meant to set.
SELECT
    name AS cookie,
    if(route != '', route, path) AS place,
    props['direction'] AS direction,
    props['reason'] AS reason,
    props['declared'] AS declared,
    count() AS times,
    max(time) AS last_seen
FROM {database:Identifier}.events
WHERE kind = 'cookie'
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of events */
GROUP BY cookie, place, direction, reason, declared
ORDER BY times DESC, cookie, place, direction, reason, declared
LIMIT {limit:UInt32}
