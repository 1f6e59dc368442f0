-- Viewed together: what the visitors who used one document (database, page) used as well. `score` is 1 where the two are
-- only ever used together, and near 0 where one of them is used by nearly everybody anyway (the cosine of the two).
-- Of a visitor only the last few are looked at, and a pair counts from several visitors on, so that nobody's own
-- reading can be read from it.
WITH
    used AS
    (
        SELECT site, visitor_id, arrayMap(last -> last.2, arraySlice(arrayReverseSort(groupArray((last, item))), 1, {most:UInt8})) AS items
        FROM
        (
            SELECT site, visitor_id, if(kind = 'page_view', path, name) AS item, max(time) AS last
            FROM {database:Identifier}.events
            WHERE kind = {kind:String} AND visit_number > 0
                AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
                AND ({site:String} = '' OR site = {site:String})
                AND ({bots:Bool} OR bot = '')
                AND true /* filters of events */
            GROUP BY site, visitor_id, item
        )
        GROUP BY site, visitor_id
    ),
    users AS
    (
        SELECT site, arrayJoin(items) AS item, count() AS number
        FROM used
        GROUP BY site, item
    )
SELECT
    pairs.item AS item,
    pairs.other AS together_with,
    pairs.number AS visitors,
    pairs.number / sqrt(one.number * another.number) AS score
FROM
(
    SELECT site, item, other, count() AS number
    FROM used
    ARRAY JOIN items AS item
    ARRAY JOIN items AS other
    WHERE item != other
    GROUP BY site, item, other
    HAVING number >= {fewest:UInt32}
) AS pairs
INNER JOIN users AS one ON one.site = pairs.site AND one.item = pairs.item
INNER JOIN users AS another ON another.site = pairs.site AND another.item = pairs.other
WHERE {item:String} = '%' OR item LIKE {item:String}
ORDER BY score DESC, visitors DESC, item, together_with
LIMIT {each:UInt32} BY item
LIMIT {limit:UInt32}
