-- The stored metrics equal the counts that SQL alone makes of the stored events and sessions.
-- reads lake.metrics_15m, lake.events, lake.sessions · result one row per window, bot and measure that differ
-- Windows that end after :closed_before may still be open and are left out.
-- parameter tenant: string = *
-- parameter closed_before: timestamp = now-50m
WITH counted AS (
  SELECT
    tenant,
    -- FLOOR takes no TIMESTAMP_LTZ; the session is in UTC, so that nothing moves.
    CAST(occurred_at AS TIMESTAMP(3)) AS counted_at,
    bot,
    0 AS is_stored,
    1 AS events,
    CASE WHEN event_type = 'page_view' THEN 1 ELSE 0 END AS page_views,
    0 AS sessions,
    0 AS bounces
  FROM lake.events
  WHERE (:tenant = '*' OR tenant = :tenant)
  UNION ALL
  SELECT
    tenant,
    CAST(started_at AS TIMESTAMP(3)),
    bot,
    0,
    0,
    0,
    1,
    CASE WHEN bounce THEN 1 ELSE 0 END
  FROM lake.sessions
  WHERE (:tenant = '*' OR tenant = :tenant)
  UNION ALL
  SELECT
    tenant,
    CAST(window_start AS TIMESTAMP(3)),
    bot,
    1,
    COALESCE(events, 0),
    COALESCE(page_views, 0),
    COALESCE(sessions, 0),
    COALESCE(bounces, 0)
  FROM lake.metrics_15m
  WHERE (:tenant = '*' OR tenant = :tenant) AND `grouping` = 'all'
),
summed AS (
  SELECT
    tenant,
    window_start,
    bot,
    measure,
    SUM(CASE WHEN is_stored = 0 THEN amount ELSE 0 END) AS recomputed,
    SUM(CASE WHEN is_stored = 1 THEN amount ELSE 0 END) AS stored
  FROM (
    SELECT
      tenant,
      TIMESTAMPADD(
        MINUTE, -CAST(MOD(EXTRACT(MINUTE FROM counted_at), 15) AS INT), FLOOR(counted_at TO MINUTE)
      ) AS window_start,
      bot,
      is_stored,
      measure,
      CASE measure
        WHEN 'events' THEN events
        WHEN 'page_views' THEN page_views
        WHEN 'sessions' THEN sessions
        ELSE bounces
      END AS amount
    FROM counted
    CROSS JOIN (
      VALUES ('events'), ('page_views'), ('sessions'), ('bounces')) AS listed (measure)
  )
  GROUP BY tenant, window_start, bot, measure
)
SELECT
  tenant,
  CAST(window_start AS TIMESTAMP_LTZ(3)) AS window_start,
  bot,
  measure,
  recomputed,
  stored
FROM summed
WHERE recomputed <> stored
  AND CAST(TIMESTAMPADD(MINUTE, 15, window_start) AS TIMESTAMP_LTZ(3)) <= :closed_before
ORDER BY tenant, window_start, bot, measure
