-- Which countries do visitors come from?
-- reads lake.sessions · result one row per country, most sessions first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  country,
  COUNT(*) AS sessions,
  COUNT(DISTINCT visitor_id) AS visitors,
  SUM(page_views) AS page_views,
  CAST(100.0 * COUNT(*) / SUM(COUNT(*)) OVER () AS DECIMAL(5, 1)) AS session_percent
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
GROUP BY country
ORDER BY sessions DESC, country
