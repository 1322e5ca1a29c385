-- What would the sessions be with another gap?
-- reads lake.events · result one row per session, with the columns of lake.sessions but its revision
-- With the usual 30 minutes these are the rows of lake.sessions. A session that :from or :to falls into is cut there.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter gap_minutes: number = 30
WITH visitors AS (
  SELECT
    tenant,
    visitor_id,
    sessionize(
      :gap_minutes, tenant, visitor_id, event_id, event_type, occurred_at, `sequence`, page_path,
      channel, traffic_source, traffic_medium, traffic_campaign, referrer, device_type, browser,
      os, country, region, city, bot, revenue_cents, engagement_ms
    ) AS visits
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to
  GROUP BY tenant, visitor_id
)
SELECT
  tenant,
  session_id,
  visitor_id,
  started_at,
  ended_at,
  duration_ms,
  events,
  page_views,
  distinct_pages,
  bounce,
  entry_page,
  exit_page,
  channel,
  source,
  medium,
  campaign,
  referrer,
  device_type,
  browser,
  os,
  country,
  region,
  city,
  bot,
  converted,
  conversions,
  revenue_cents,
  engagement_ms
FROM visitors
CROSS JOIN UNNEST(visits)
ORDER BY started_at, session_id
