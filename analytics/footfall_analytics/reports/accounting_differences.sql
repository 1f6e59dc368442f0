-- The days on which the rows that are there are not the rows that were counted. It should find none.
-- Rows of people are kept for 25 months, or as purpose_terms says, which may have a term for anonymous rows too; what the journal counted before that may be gone, and no row may be too many.
WITH
    (SELECT if(count() = 0, 25, argMax(months, changed_at)) FROM {database:Identifier}.purpose_terms WHERE purpose = 'analytics' AND months > 0) AS people_months,
    (SELECT argMax(months, changed_at) FROM {database:Identifier}.purpose_terms WHERE purpose = 'anonymous') AS anonymous_months
SELECT
    day,
    site,
    sum(counted) AS counted,
    sum(found) AS found
FROM
(
    SELECT
        day,
        site,
        requests AS counted,
        if(
            (source = 'journal' AND day <= subtractMonths({today:Date}, people_months))
                OR (anonymous_months > 0 AND day <= subtractMonths({today:Date}, anonymous_months)),
            requests, 0
        ) AS may_be_gone,
        0 AS found
    FROM {database:Identifier}.accounting
    WHERE outcome = 'row'
    UNION ALL
    SELECT toDate(time, 'UTC') AS day, site, 0 AS counted, 0 AS may_be_gone, count() AS found
    FROM {database:Identifier}.events
    WHERE kind IN ('page_view', 'request')
    GROUP BY day, site
)
WHERE day >= {first_day:Date} AND day <= {last_day:Date}
    AND ({site:String} = '' OR site = {site:String})
GROUP BY day, site
HAVING found > counted OR found + sum(may_be_gone) < counted
ORDER BY day, site
