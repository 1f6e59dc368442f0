-- Funnel: how many visitors took the first step, and then the next, in this order. Between two steps anything may
-- happen, and they may be of different visits. `visitors` are those who got so far, `lost` those who did not go on here.
WITH reached AS
(
    SELECT number AS steps_done, count() AS visitors
    FROM
    (
        SELECT arrayFold(
            (done, event) -> (done + bitTest(event.2, done))::UInt8, arraySort(groupArray((time, steps))), 0::UInt8
        ) AS number
        FROM
        (
            SELECT site, visitor_id, time, 0 /* steps */ AS steps
            FROM {database:Identifier}.events
            WHERE visit_number > 0
                AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
                AND ({site:String} = '' OR site = {site:String})
                AND ({bots:Bool} OR bot = '')
                AND true /* filters of whole visits */
        )
        WHERE steps > 0
        GROUP BY site, visitor_id
    )
    GROUP BY number
    UNION ALL
    SELECT 0, 0
)
SELECT
    step,
    {steps:Array(String)}[step] AS name,
    sumIf(visitors, steps_done >= step) AS visitors_here,
    visitors_here / nullIf(max(visitors_here) OVER (), 0) AS share,
    lagInFrame(visitors_here, 1, visitors_here) OVER (ORDER BY step) - visitors_here AS lost
FROM reached
ARRAY JOIN arrayEnumerate({steps:Array(String)}) AS step
GROUP BY step
ORDER BY step
LIMIT {limit:UInt32}
