-- Which channels bring visits, and what are those visits worth?
-- reads lake.sessions · result one row per channel, most sessions first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  channel,
  COUNT(*) AS sessions,
  COUNT(DISTINCT visitor_id) AS visitors,
  CAST(100.0 * COUNT(*) FILTER (WHERE bounce) / COUNT(*) AS DECIMAL(5, 1)) AS bounce_percent,
  COUNT(*) FILTER (WHERE converted) AS converted_sessions,
  COALESCE(SUM(conversions), 0) AS conversions,
  COALESCE(SUM(revenue_cents), 0) AS revenue_cents
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
GROUP BY channel
ORDER BY sessions DESC, channel
