-- How long do visits last?
-- reads lake.sessions · result one row per range of durations, shortest first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH durations AS (
  SELECT
    CASE
      WHEN duration_ms = 0 THEN 1
      WHEN duration_ms <= 10000 THEN 2
      WHEN duration_ms <= 60000 THEN 3
      WHEN duration_ms <= 300000 THEN 4
      WHEN duration_ms <= 1800000 THEN 5
      ELSE 6
    END AS range_number,
    page_views
  FROM lake.sessions
  WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
)
SELECT
  CASE range_number
    WHEN 1 THEN '0 s (one moment)'
    WHEN 2 THEN 'up to 10 s'
    WHEN 3 THEN 'up to 1 min'
    WHEN 4 THEN 'up to 5 min'
    WHEN 5 THEN 'up to 30 min'
    ELSE 'above 30 min'
  END AS duration,
  COUNT(*) AS sessions,
  CAST(100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS DECIMAL(5, 1)) AS session_percent,
  CAST(1.0 * SUM(page_views) / COUNT(*) AS DECIMAL(10, 1)) AS pages_per_session
FROM durations
GROUP BY range_number
ORDER BY range_number
