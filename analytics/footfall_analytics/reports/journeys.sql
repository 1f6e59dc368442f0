-- Journeys: which page led to which, within a visit. '' stands for where a visit began (before its first page) and where
-- it ended (after its last); a page that was reloaded is no step. `share` is of all steps from, or to, that page.
SELECT
    step.1 AS from_path,
    step.2 AS to_path,
    count() AS times,
    uniqExact(cityHash64(visitor_id)) AS visitors,
    times / sum(times) OVER (PARTITION BY if({direction:String} = 'previous', to_path, from_path)) AS share
FROM
(
    SELECT visitor_id, arrayCompact(arrayMap(view -> view.2, arraySort(groupArray((time, path))))) AS pages
    FROM {database:Identifier}.events
    WHERE kind = 'page_view' AND visit_number > 0
        AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
        AND ({site:String} = '' OR site = {site:String})
        AND ({bots:Bool} OR bot = '')
        AND true /* filters of whole visits */
    GROUP BY site, visitor_id, visit_number
)
ARRAY JOIN arrayZip(arrayPushFront(pages, ''), arrayPushBack(pages, '')) AS step
WHERE {path:String} = '%' OR if({direction:String} = 'previous', to_path, from_path) LIKE {path:String}
GROUP BY from_path, to_path
ORDER BY times DESC, from_path, to_path
LIMIT {limit:UInt32}
