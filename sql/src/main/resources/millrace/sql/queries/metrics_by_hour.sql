-- What are the hourly sums of every measure, for the whole site or for each page, channel, country …?
-- reads lake.metrics_15m · result one row per UTC hour and value of the grouping, bots included
-- Visitors are left out: the same visitor may be in several quarters, so they do not add up.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter grouping: string = all
SELECT
  -- FLOOR takes no TIMESTAMP_LTZ; the session is in UTC, so that nothing moves.
  CAST(FLOOR(CAST(window_start AS TIMESTAMP(3)) TO HOUR) AS TIMESTAMP_LTZ(3)) AS `hour`,
  `value`,
  SUM(events) AS events,
  SUM(page_views) AS page_views,
  SUM(clicks) AS clicks,
  SUM(sessions) AS sessions,
  SUM(bounces) AS bounces,
  SUM(session_seconds) AS session_seconds,
  SUM(conversions) AS conversions,
  SUM(revenue_cents) AS revenue_cents
FROM lake.metrics_15m
WHERE tenant = :tenant AND `grouping` = :grouping
  AND window_start >= :from AND window_start < :to
GROUP BY FLOOR(CAST(window_start AS TIMESTAMP(3)) TO HOUR), `value`
ORDER BY `hour`, `value`
