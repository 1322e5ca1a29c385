-- On which pages do visits end?
-- reads lake.sessions · result one row per exit page, most sessions first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter rows: number = 20
SELECT
  exit_page,
  COUNT(*) AS sessions,
  COUNT(*) FILTER (WHERE bounce) AS bounces,
  CAST(100.0 * COUNT(*) FILTER (WHERE bounce) / COUNT(*) AS DECIMAL(5, 1)) AS bounce_percent
FROM lake.sessions
WHERE tenant = :tenant AND started_at >= :from AND started_at < :to
  AND exit_page IS NOT NULL AND NOT bot
GROUP BY exit_page
ORDER BY sessions DESC, exit_page
LIMIT :rows
