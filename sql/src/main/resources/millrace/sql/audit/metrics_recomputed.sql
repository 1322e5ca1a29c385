-- The stored metrics equal the sums that SQL makes of the stored events and sessions.
-- reads lake.metrics_15m, lake.events, lake.sessions · result one row per window, value, bot and measure that differ
-- Windows that end after :closed_before may still be open and are left out. Which types are clicks and conversions,
-- and how visitors are sketched, is the domain's to say, by its functions; everything else is counted by SQL alone.
-- parameter tenant: string = *
-- parameter closed_before: timestamp = now-50m
-- parameter grouping: string = all
WITH counted AS (
  SELECT
    tenant,
    CASE :grouping
      WHEN 'all' THEN 'all'
      WHEN 'page' THEN grouping_value(page_path)
      WHEN 'channel' THEN grouping_value(channel)
      WHEN 'source' THEN grouping_value(traffic_source)
      WHEN 'country' THEN grouping_value(country)
      WHEN 'device' THEN grouping_value(device_type)
      WHEN 'browser' THEN grouping_value(browser)
      WHEN 'os' THEN grouping_value(os)
      WHEN 'event_type' THEN grouping_value(event_type)
      -- What has none of these does not count.
      WHEN 'campaign' THEN NULLIF(grouping_value(traffic_campaign), '(none)')
      WHEN 'region' THEN
        CASE WHEN region <> '' THEN grouping_value(CONCAT(COALESCE(country, ''), '/', region)) END
      WHEN 'city' THEN
        CASE
          WHEN city <> ''
            THEN grouping_value(CONCAT(COALESCE(country, ''), '/', COALESCE(region, ''), '/', city))
        END
      WHEN 'entity' THEN
        CASE
          WHEN entity_type <> '' AND entity_id <> ''
            THEN grouping_value(CONCAT(entity_type, '/', entity_id))
        END
      WHEN 'owner' THEN NULLIF(grouping_value(owner_id), '(none)')
      WHEN 'variant' THEN
        CASE
          WHEN experiment <> '' AND variant <> ''
            THEN grouping_value(CONCAT(experiment, '/', variant))
        END
    END AS `value`,
    -- FLOOR takes no TIMESTAMP_LTZ; the session is in UTC, so that nothing moves.
    CAST(occurred_at AS TIMESTAMP(3)) AS counted_at,
    bot,
    visitor_id,
    1 AS events,
    CASE WHEN event_type = 'page_view' THEN 1 ELSE 0 END AS page_views,
    CASE WHEN is_click(event_type) THEN 1 ELSE 0 END AS clicks,
    CASE WHEN is_conversion(event_type) THEN 1 ELSE 0 END AS conversions,
    engagement_ms,
    COALESCE(revenue_cents, 0) AS revenue_cents,
    0 AS sessions,
    0 AS bounces,
    CAST(0 AS BIGINT) AS session_ms
  FROM lake.events
  WHERE (:tenant = '*' OR tenant = :tenant)
  UNION ALL
  SELECT
    tenant,
    CASE :grouping
      WHEN 'all' THEN 'all'
      WHEN 'page' THEN grouping_value(entry_page)
      WHEN 'channel' THEN grouping_value(channel)
      WHEN 'source' THEN grouping_value(source)
      WHEN 'country' THEN grouping_value(country)
      WHEN 'device' THEN grouping_value(device_type)
      WHEN 'browser' THEN grouping_value(browser)
      WHEN 'os' THEN grouping_value(os)
      WHEN 'campaign' THEN NULLIF(grouping_value(campaign), '(none)')
      WHEN 'region' THEN
        CASE WHEN region <> '' THEN grouping_value(CONCAT(COALESCE(country, ''), '/', region)) END
      WHEN 'city' THEN
        CASE
          WHEN city <> ''
            THEN grouping_value(CONCAT(COALESCE(country, ''), '/', COALESCE(region, ''), '/', city))
        END
    END,
    CAST(started_at AS TIMESTAMP(3)),
    bot,
    CAST(NULL AS STRING),
    0,
    0,
    0,
    0,
    CAST(0 AS BIGINT),
    CAST(0 AS BIGINT),
    1,
    CASE WHEN bounce THEN 1 ELSE 0 END,
    duration_ms
  FROM lake.sessions
  -- A session has many event types, entities, owners and variants, and counts under none of them.
  WHERE (:tenant = '*' OR tenant = :tenant)
    AND :grouping NOT IN ('event_type', 'entity', 'owner', 'variant')
),
recomputed AS (
  SELECT
    tenant,
    `value`,
    bot,
    window_start,
    SUM(events) AS events,
    SUM(page_views) AS page_views,
    SUM(clicks) AS clicks,
    sketch_estimate(visitors_sketch(visitor_id)) AS visitors,
    SUM(sessions) AS sessions,
    SUM(bounces) AS bounces,
    SUM(session_ms) / 1000 AS session_seconds,
    SUM(engagement_ms) AS engagement_ms,
    SUM(conversions) AS conversions,
    SUM(revenue_cents) AS revenue_cents
  FROM (
    SELECT
      *,
      CAST(
        TIMESTAMPADD(
          MINUTE,
          -CAST(MOD(EXTRACT(MINUTE FROM counted_at), 15) AS INT),
          FLOOR(counted_at TO MINUTE)
        ) AS TIMESTAMP_LTZ(6)
      ) AS window_start
    FROM counted
    WHERE `value` IS NOT NULL
  )
  GROUP BY tenant, `value`, bot, window_start
),
stored AS (
  SELECT *
  FROM lake.metrics_15m
  WHERE (:tenant = '*' OR tenant = :tenant) AND `grouping` = :grouping
),
compared AS (
  SELECT
    COALESCE(r.tenant, s.tenant) AS tenant,
    COALESCE(r.window_start, s.window_start) AS window_start,
    COALESCE(r.`value`, s.`value`) AS `value`,
    COALESCE(r.bot, s.bot) AS bot,
    measure,
    COALESCE(
      CASE measure
        WHEN 'events' THEN r.events
        WHEN 'page_views' THEN r.page_views
        WHEN 'clicks' THEN r.clicks
        WHEN 'visitors' THEN r.visitors
        WHEN 'sessions' THEN r.sessions
        WHEN 'bounces' THEN r.bounces
        WHEN 'session_seconds' THEN r.session_seconds
        WHEN 'engagement_ms' THEN r.engagement_ms
        WHEN 'conversions' THEN r.conversions
        ELSE r.revenue_cents
      END,
      0
    ) AS recomputed,
    COALESCE(
      CASE measure
        WHEN 'events' THEN s.events
        WHEN 'page_views' THEN s.page_views
        WHEN 'clicks' THEN s.clicks
        WHEN 'visitors' THEN s.visitors
        WHEN 'sessions' THEN s.sessions
        WHEN 'bounces' THEN s.bounces
        WHEN 'session_seconds' THEN s.session_seconds
        WHEN 'engagement_ms' THEN s.engagement_ms
        WHEN 'conversions' THEN s.conversions
        ELSE s.revenue_cents
      END,
      0
    ) AS stored
  FROM recomputed AS r
  FULL OUTER JOIN stored AS s
    ON s.tenant = r.tenant AND s.`value` = r.`value` AND s.bot = r.bot
    AND s.window_start = r.window_start
  CROSS JOIN (
    VALUES ('events'), ('page_views'), ('clicks'), ('visitors'), ('sessions'), ('bounces'),
      ('session_seconds'), ('engagement_ms'), ('conversions'), ('revenue_cents')
  ) AS listed (measure)
)
SELECT tenant, window_start, `value`, bot, measure, recomputed, stored
FROM compared
WHERE recomputed <> stored
  AND TIMESTAMPADD(MINUTE, 15, CAST(window_start AS TIMESTAMP(3)))
    <= CAST(:closed_before AS TIMESTAMP(3))
ORDER BY tenant, window_start, `value`, bot, measure
