-- Retention: of the visitors whose first visit began in a week (day, month), how many came back in each later one.
-- Filters choose whom to look at by their first visit; any later visit is a return. A week that begins after the
-- period's end is NULL: nobody can have come back in it yet.
WITH
    first_visits AS
    (
        SELECT cityHash64(site, visitor_id) AS site_visitor, toDate(dateTrunc({by:String}, min(started), {timezone:String})) AS cohort
        FROM {database:Identifier}.visits
        WHERE visit_number = 1
            AND started >= {since:DateTime64(3, 'UTC')} AND started < {until:DateTime64(3, 'UTC')}
            AND ({site:String} = '' OR site = {site:String})
            AND ({bots:Bool} OR bot = '')
            AND true /* filters of visits */
        GROUP BY site, visitor_id
    ),
    later_visits AS
    (
        SELECT DISTINCT
            cityHash64(site, visitor_id) AS site_visitor,
            toDate(dateTrunc({by:String}, started, {timezone:String})) AS bucket
        FROM {database:Identifier}.visits
        WHERE visit_number > 1
            AND started >= {since:DateTime64(3, 'UTC')} AND started < {until:DateTime64(3, 'UTC')}
            AND ({bots:Bool} OR bot = '')
    ),
    toDate(dateTrunc({by:String}, {until:DateTime64(3, 'UTC')} - INTERVAL 1 MILLISECOND, {timezone:String})) AS newest
SELECT
    cohort,
    uniqExact(returns.site_visitor) AS visitors,
    if(age < 1, NULL, uniqExactIf(returns.site_visitor, after = 1) / visitors) AS share_1,
    if(age < 2, NULL, uniqExactIf(returns.site_visitor, after = 2) / visitors) AS share_2,
    if(age < 3, NULL, uniqExactIf(returns.site_visitor, after = 3) / visitors) AS share_3,
    if(age < 4, NULL, uniqExactIf(returns.site_visitor, after = 4) / visitors) AS share_4,
    if(age < 5, NULL, uniqExactIf(returns.site_visitor, after = 5) / visitors) AS share_5,
    if(age < 6, NULL, uniqExactIf(returns.site_visitor, after = 6) / visitors) AS share_6,
    if(age < 7, NULL, uniqExactIf(returns.site_visitor, after = 7) / visitors) AS share_7,
    if(age < 8, NULL, uniqExactIf(returns.site_visitor, after = 8) / visitors) AS share_8
FROM
(
    SELECT
        cohort,
        site_visitor,
        dateDiff({by:String}, cohort, newest) AS age,
        dateDiff({by:String}, cohort, bucket) AS after
    FROM first_visits
    LEFT JOIN later_visits USING (site_visitor)
) AS returns
GROUP BY cohort, age
ORDER BY cohort
LIMIT {limit:UInt32}
