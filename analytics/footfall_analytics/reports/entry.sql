-- Entry pages: where visits that began in the period began, and what became of them. Who bounced looked at no other.
SELECT
    entry_page AS path,
    count() AS visits,
    uniqExact(cityHash64(visitor_id)) AS visitors,
    countIf(bounced) / visits AS bounce_share,
    avg(page_views) AS pages_per_visit,
    quantileExactLow(0.5)(seconds) AS median_seconds
FROM {database:Identifier}.visits
WHERE page_views > 0
    AND started >= {since:DateTime64(3, 'UTC')} AND started < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of visits */
GROUP BY path
ORDER BY visits DESC, path
LIMIT {limit:UInt32}
