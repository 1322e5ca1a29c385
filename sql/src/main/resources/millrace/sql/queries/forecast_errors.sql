-- How good were the forecasts, by how many days ahead they were made?
-- reads lake.forecasts, lake.metrics_15m · result one row per series and day ahead, of hours that are over; without bots
-- error_percent is the sum of absolute errors of the sum of actual values; within_percent should be about 95.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH hours AS (
  SELECT
    `grouping`,
    `value`,
    FLOOR(CAST(window_start AS TIMESTAMP(3)) TO HOUR) AS `hour`,
    SUM(events) AS events,
    SUM(page_views) AS page_views,
    SUM(conversions) AS conversions,
    SUM(revenue_cents) AS revenue_cents,
    SUM(sessions) AS sessions
  FROM lake.metrics_15m
  WHERE tenant = :tenant AND NOT bot
  GROUP BY `grouping`, `value`, FLOOR(CAST(window_start AS TIMESTAMP(3)) TO HOUR)
),
known AS (
  SELECT MAX(`hour`) AS last_hour FROM hours
),
compared AS (
  SELECT
    f.series,
    TIMESTAMPDIFF(DAY, CAST(f.made_at AS TIMESTAMP(3)), CAST(f.window_start AS TIMESTAMP(3))) + 1
      AS days_ahead,
    f.expected,
    f.`lower`,
    f.`upper`,
    -- An hour without a row is one in which nothing happened.
    CAST(COALESCE(
      CASE f.metric
        WHEN 'events' THEN h.events
        WHEN 'page_views' THEN h.page_views
        WHEN 'conversions' THEN h.conversions
        WHEN 'revenue_cents' THEN h.revenue_cents
        WHEN 'sessions' THEN h.sessions
      END, 0) AS DECIMAL(18, 4)) AS actual
  FROM lake.forecasts AS f
  CROSS JOIN known
  LEFT JOIN hours AS h
    ON h.`grouping` = f.`grouping` AND h.`value` = f.`value`
      AND h.`hour` = CAST(f.window_start AS TIMESTAMP(3))
  WHERE f.tenant = :tenant AND f.window_start >= :from AND f.window_start < :to
    AND CAST(f.window_start AS TIMESTAMP(3)) < known.last_hour
    AND f.metric IN ('events', 'page_views', 'conversions', 'revenue_cents', 'sessions')
)
SELECT
  series,
  days_ahead,
  COUNT(*) AS `hours`,
  CAST(100 * CAST(SUM(ABS(actual - expected)) AS DOUBLE) / NULLIF(CAST(SUM(actual) AS DOUBLE), 0) AS DECIMAL(12, 1))
    AS error_percent,
  CAST(100.0 * SUM(CASE WHEN actual BETWEEN `lower` AND `upper` THEN 1 ELSE 0 END) / COUNT(*) AS DECIMAL(5, 1))
    AS within_percent
FROM compared
GROUP BY series, days_ahead
ORDER BY series, days_ahead
