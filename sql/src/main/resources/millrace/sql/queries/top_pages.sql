-- Which pages do people look at most?
-- reads lake.events · result one row per page path, most page views first; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter rows: number = 20
SELECT
  page_path,
  COUNT(*) AS page_views,
  COUNT(DISTINCT visitor_id) AS visitors
FROM lake.events
WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to
  AND event_type = 'page_view' AND NOT bot
GROUP BY page_path
ORDER BY page_views DESC, page_path
LIMIT :rows
