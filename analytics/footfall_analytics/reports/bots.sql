-- Robots: which came, who runs those that feed AI models, and why each is taken for a robot.
-- `bot` holds the name that it gives itself, or the reason where it gives none.
SELECT
    bot,
    multiIf(
        has({ai_names:Array(String)}, toString(bot)), 'AI crawler',
        has({nameless:Array(String)}, toString(bot)), toString(bot),
        'says so'
    ) AS reason,
    transform(toString(bot), {ai_names:Array(String)}, {ai_operators:Array(String)}, '') AS operator,
    countIf(kind IN ('page_view', 'request')) AS requests,
    countIf(kind = 'page_view') AS page_views,
    sumIf(bytes, kind IN ('page_view', 'request')) AS bytes,
    max(time) AS last_seen
FROM {database:Identifier}.events
WHERE bot != ''
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND true /* filters of events */
GROUP BY bot
ORDER BY requests DESC, bot
LIMIT {limit:UInt32}
