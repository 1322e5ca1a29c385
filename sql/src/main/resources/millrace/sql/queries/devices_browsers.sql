-- Which devices and browsers do visitors use?
-- reads lake.sessions · result one row per device type and browser, most sessions first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  device_type,
  browser,
  COUNT(*) AS sessions,
  COUNT(DISTINCT visitor_id) AS visitors,
  CAST(100.0 * COUNT(*) FILTER (WHERE bounce) / COUNT(*) AS DECIMAL(5, 1)) AS bounce_percent
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
GROUP BY device_type, browser
ORDER BY sessions DESC, device_type, browser
