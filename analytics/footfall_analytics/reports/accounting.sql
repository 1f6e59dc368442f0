-- Accounting: what became of every request. Each is a row, or is counted under the reason why it is none.
-- By whole days in UTC, as they are counted; robots included.
SELECT
    outcome,
    sum(requests) AS requests,
    requests / sum(requests) OVER () AS share
FROM {database:Identifier}.accounting
WHERE day >= {first_day:Date} AND day <= {last_day:Date}
    AND ({site:String} = '' OR site = {site:String})
GROUP BY outcome
ORDER BY outcome != 'row', requests DESC, outcome
LIMIT {limit:UInt32}
