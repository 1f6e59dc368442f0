-- Consent: of all answers to the notice and on the preferences page, how many granted each purpose, divided by
-- language, country, layer (notice or preferences), the kind of choice, the regime, or time.
WITH
    answers AS
    (
        SELECT
            splitByChar(' ', props['granted']) AS granted_purposes,
            multiIf(
                {by:String} = 'language', if(props['language'] != '', props['language'], toString(language)),
                {by:String} = 'country', toString(country),
                {by:String} = 'layer', props['layer'],
                {by:String} = 'choice', name,
                {by:String} = 'regime', props['regime'],
                {by:String} IN ('day', 'week', 'month'), toString(toDate(dateTrunc(
                    if({by:String} IN ('week', 'month'), {by:String}, 'day'), time, {timezone:String}
                ))),
                ''
            ) AS group
        FROM {database:Identifier}.events
        WHERE kind = 'consent'
            AND time >= {since:DateTime64(3, 'UTC')} AND time < {until:DateTime64(3, 'UTC')}
            AND ({site:String} = '' OR site = {site:String})
            AND ({bots:Bool} OR bot = '')
            AND true /* filters of events */
    ),
    purposes AS
    (
        SELECT DISTINCT arrayJoin(arrayPushBack(granted_purposes, 'analytics')) AS purpose FROM answers
    )
SELECT
    purpose,
    group,
    count() AS answers,
    countIf(has(granted_purposes, purpose)) AS granted,
    granted / answers AS granted_share
FROM answers
CROSS JOIN purposes
WHERE purpose NOT IN ('', 'necessary')
GROUP BY purpose, group
ORDER BY purpose, answers DESC, group
LIMIT {limit:UInt32}
