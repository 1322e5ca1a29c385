-- Which sources, media and campaigns bring visits?
-- reads lake.sessions · result one row per source, medium and campaign, most sessions first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter rows: number = 50
SELECT
  source,
  medium,
  campaign,
  COUNT(*) AS sessions,
  SUM(page_views) AS page_views,
  COUNT(*) FILTER (WHERE converted) AS converted_sessions
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
GROUP BY source, medium, campaign
ORDER BY sessions DESC, source, medium, campaign
LIMIT :rows
