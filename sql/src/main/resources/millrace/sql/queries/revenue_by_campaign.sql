-- Which campaigns earn money?
-- reads lake.sessions · result one row per campaign, most revenue first; visits without a campaign are one row (NULL)
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  campaign,
  COUNT(*) AS sessions,
  COUNT(*) FILTER (WHERE converted) AS converted_sessions,
  COALESCE(SUM(revenue_cents), 0) AS revenue_cents,
  CAST(1.0 * COALESCE(SUM(revenue_cents), 0) / COUNT(*) AS DECIMAL(18, 2)) AS cents_per_session
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
GROUP BY campaign
ORDER BY revenue_cents DESC, sessions DESC, campaign
