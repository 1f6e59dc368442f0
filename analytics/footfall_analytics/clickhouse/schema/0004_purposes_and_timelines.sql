-- Under which policy a purpose may use what, and for how long. footfall schema apply --stated and --retention set it.
CREATE TABLE IF NOT EXISTS {database}.purpose_terms{local}{on_cluster}
(
    purpose       LowCardinality(String) COMMENT 'A purpose of the site''s settings, or anonymous: the rows of nobody',
    since_version UInt16                 COMMENT 'The first version of the privacy policy that stated what the purpose is used for now',
    months        UInt16                 COMMENT 'For how many months a row may be used for it; 0 for as long as the row is kept',
    changed_at    DateTime64(3, 'UTC')   COMMENT 'When this was set; the last one counts'
)
ENGINE = {replicated}ReplacingMergeTree(changed_at)
ORDER BY purpose
COMMENT 'What may be used for a purpose: collected under which policy, and how long ago';

-- What may be used for a purpose: rows collected when it was granted, under a policy that stated this use already.
CREATE OR REPLACE VIEW {database}.usage_for{on_cluster} AS
WITH
    (SELECT argMax(since_version, changed_at) FROM {database}.purpose_terms WHERE purpose = {purpose:String}) AS stated,
    (SELECT argMax(months, changed_at) FROM {database}.purpose_terms WHERE purpose = {purpose:String}) AS kept
SELECT
    time, site, kind, host, method, path, route, name, props, status, bytes, duration_us, referrer, referrer_host, source, channel,
    utm_source, utm_medium, utm_campaign, utm_term, utm_content,
    browser, browser_version, os, os_version, device, country, language, bot,
    visitor_id, visit_number, visit_started, member_id, member_how, purposes, policy_version, consent_source, gpc
FROM {database}.events
WHERE has(purposes, {purpose:String})
    AND policy_version >= stated
    AND (kept = 0 OR time >= subtractMonths(now('UTC'), kept));

-- All that is a member's: done signed in, or before the first sign-in of a visit. What came before is read by its key:
-- only the days and visitors of visits that began without the member.
CREATE OR REPLACE VIEW {database}.timeline{on_cluster} AS
WITH
    begun AS
    (
        SELECT site, visitor_id, visit_number, min(started) AS began, tupleElement(min(first_member), 'at') AS since
        FROM {database}.visit_states
        WHERE (site, day, visitor_id, visit_number) IN
        (
            SELECT site, toDate(if(toUnixTimestamp(visit_started) = 0, time, visit_started)) - arrayJoin([0, 1]), visitor_id, visit_number
            FROM {database}.member_log
            WHERE member_id = {member:String}
        )
        GROUP BY site, visitor_id, visit_number
        HAVING tupleElement(min(first_member), 'id') = {member:String} AND began < since
    )
SELECT time, site, kind, path, name, status, browser, os, device, bot, visitor_id, visit_number, true AS signed_in, purposes, policy_version
FROM {database}.member_log
WHERE member_id = {member:String}
UNION ALL
SELECT time, site, kind, path, name, status, browser, os, device, bot, visitor_id, visit_number, false AS signed_in, purposes, policy_version
FROM {database}.events
INNER JOIN begun USING (site, visitor_id, visit_number)
WHERE member_id = ''
    AND time < since
    AND (site, toDate(time), visitor_id) IN
    (
        SELECT site, toDate(began) + arrayJoin(range(toUInt32(least(dateDiff('day', began, since), 400)) + 1)), visitor_id
        FROM begun
    );

-- The counts of a batch are needed while it may be tried again; then those of a day become one.
ALTER TABLE {database}.accounting{local}{on_cluster} ADD COLUMN IF NOT EXISTS arrived DateTime('UTC') DEFAULT now() COMMENT 'When the batch came; of counts that were put together, the last one';
