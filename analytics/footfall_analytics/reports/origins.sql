-- Where visits came from: by source and channel, by channel alone, by campaign, by referring host.
-- A visit belongs to the origin of its entry, even where that lies before the period; so does each page view of it.
-- Who was anonymous has no visit: each such view belongs to its own origin, and is an entry unless a link on the site
-- itself led to it. Bounces and seconds are of the whole visit; who bounced looked at one page.
SELECT
    source, channel /* keys */,
    sum(visits) AS visits,
    sum(visitors) AS visitors,
    sum(page_views) AS page_views,
    sum(anonymous_entries) AS anonymous_entries,
    if(sum(visits_with_pages) = 0, NULL, sum(bounces) / sum(visits_with_pages)) AS bounce_share,
    max(seconds) AS median_seconds
FROM
(
    SELECT
        source, channel /* keys */,
        count() AS visits,
        uniqExact(cityHash64(visitor_id)) AS visitors,
        sum(if(whole, visits.page_views, cut.page_views)) AS page_views,
        0 AS anonymous_entries,
        countIf(visits.page_views > 0) AS visits_with_pages,
        countIf(bounced) AS bounces,
        quantileExactLow(0.5)(seconds) AS seconds
    FROM
    (
        SELECT
            *,
            started >= {since:DateTime64(3, 'UTC')} AND ended < {until:DateTime64(3, 'UTC')} AS whole
        FROM {database:Identifier}.visits
        WHERE started < {until:DateTime64(3, 'UTC')} AND ended >= {since:DateTime64(3, 'UTC')}
            AND ({site:String} = '' OR site = {site:String})
            AND ({bots:Bool} OR bot = '')
            AND true /* filters of visits */
    ) AS visits
    LEFT JOIN
    (
        SELECT site, visitor_id, visit_number, bot, countIf(kind = 'page_view') AS page_views
        FROM {database:Identifier}.events
        WHERE visit_number > 0
            AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
            AND (site, visitor_id, visit_number) IN
            (
                SELECT site, visitor_id, visit_number
                FROM {database:Identifier}.visits
                WHERE started < {since:DateTime64(3, 'UTC')} AND ended >= {since:DateTime64(3, 'UTC')}
                    OR started < {until:DateTime64(3, 'UTC')} AND ended >= {until:DateTime64(3, 'UTC')}
            )
        GROUP BY site, visitor_id, visit_number, bot
    ) AS cut USING (site, visitor_id, visit_number, bot)
    WHERE whole OR cut.visit_number > 0
    GROUP BY source, channel /* keys */
    UNION ALL
    SELECT
        source, channel /* keys */,
        0 AS visits,
        0 AS visitors,
        count() AS page_views,
        countIf(channel != 'Internal') AS anonymous_entries,
        0 AS visits_with_pages,
        0 AS bounces,
        NULL AS seconds
    FROM {database:Identifier}.events
    WHERE visit_number = 0
        AND kind = 'page_view'
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of events */
    GROUP BY source, channel /* keys */
)
GROUP BY source, channel /* keys */
ORDER BY visits DESC, page_views DESC, source, channel /* keys */
LIMIT {limit:UInt32}
