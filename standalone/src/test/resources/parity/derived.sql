-- What the rules derive from what was sent equals what the stream has stored.
-- reads lake.events, lake.sessions · result one row per event or session that differs
-- Only for rows of one release: a rule that changes later does not change what is stored.
WITH derived AS (
  SELECT
    *,
    traffic(tenant, page_url, referrer, utm_source, utm_medium, utm_campaign) AS came,
    user_agent(user_agent) AS agent,
    utm(page_url) AS tags
  FROM lake.events
)
SELECT 'event' AS what, d.event_id AS id
FROM derived AS d
WHERE d.came.channel IS DISTINCT FROM d.channel
  OR d.came.source IS DISTINCT FROM d.traffic_source
  OR d.came.medium IS DISTINCT FROM d.traffic_medium
  OR d.came.campaign IS DISTINCT FROM d.traffic_campaign
  OR d.came.referrer_medium IS DISTINCT FROM d.referrer_medium
  OR d.came.referrer_source IS DISTINCT FROM d.referrer_source
  OR channel(d.tenant, d.page_url, d.referrer) IS DISTINCT FROM d.channel
  OR d.tags.source IS DISTINCT FROM d.utm_source
  OR d.tags.medium IS DISTINCT FROM d.utm_medium
  OR d.tags.campaign IS DISTINCT FROM d.utm_campaign
  OR d.agent.browser IS DISTINCT FROM d.browser
  OR d.agent.browser_version IS DISTINCT FROM d.browser_version
  OR d.agent.os IS DISTINCT FROM d.os
  OR d.agent.device_type IS DISTINCT FROM d.device_type
  OR is_bot(d.user_agent) IS DISTINCT FROM d.bot
  OR bot_reason(d.user_agent) IS DISTINCT FROM d.bot_reason
  OR url_path(d.page_url) IS DISTINCT FROM d.page_path
  OR scrub_url(d.page_url) IS DISTINCT FROM d.page_url
  OR canonical_event_type(d.event_type) <> d.event_type
  -- The time of an import is taken as it is.
  OR event_time(d.created_at, d.sent_at, d.received_at, TRUE) <> d.occurred_at
UNION ALL
SELECT 'session', session_id
FROM lake.sessions
WHERE session_id(tenant, visitor_id, started_at) IS DISTINCT FROM session_id
