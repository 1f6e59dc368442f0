-- The first and the last that is known of one member.
SELECT count() AS events, min(time) AS first, max(time) AS last
FROM DATABASE.timeline(member={member:String})
WHERE {site:String} = '' OR site = {site:String}
