-- How much of the traffic is blind (of visitors whom nobody may recognise), and how much asks not to be sold or shared.
SELECT
    countIf(visit_number = 0) / nullIf(count(), 0) AS blind_share,
    countIf(gpc) / nullIf(count(), 0) AS gpc_share
FROM {database:Identifier}.events
WHERE kind = 'page_view'
    AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
    AND ({site:String} = '' OR site = {site:String})
    AND ({bots:Bool} OR bot = '')
    AND true /* filters of events */
