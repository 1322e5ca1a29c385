-- How much traffic was there each day, with and without bots?
-- reads lake.events, lake.sessions · result one row per UTC day and audience (all, humans)
-- A session counts on the day it starts; one that is still open is not yet counted.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH event_days AS (
  SELECT
    CAST(occurred_at AS DATE) AS `day`,
    audience,
    COUNT(*) AS events,
    COUNT(*) FILTER (WHERE event_type = 'page_view') AS page_views,
    COUNT(DISTINCT visitor_id) AS visitors
  FROM lake.events
  CROSS JOIN (VALUES ('all'), ('humans')) AS audiences (audience)
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to
    AND (audience = 'all' OR NOT bot)
  GROUP BY CAST(occurred_at AS DATE), audience
),
session_days AS (
  SELECT
    CAST(started_at AS DATE) AS `day`,
    audience,
    COUNT(*) AS sessions,
    COUNT(*) FILTER (WHERE bounce) AS bounces
  FROM lake.sessions
  CROSS JOIN (VALUES ('all'), ('humans')) AS audiences (audience)
  WHERE tenant = :tenant AND started_at >= :from AND started_at < :to
    AND (audience = 'all' OR NOT bot)
  GROUP BY CAST(started_at AS DATE), audience
)
SELECT
  e.`day`,
  e.audience,
  e.events,
  e.page_views,
  e.visitors,
  COALESCE(s.sessions, 0) AS sessions,
  COALESCE(s.bounces, 0) AS bounces,
  CAST(100.0 * s.bounces / s.sessions AS DECIMAL(5, 1)) AS bounce_percent
FROM event_days AS e
LEFT JOIN session_days AS s ON s.`day` = e.`day` AND s.audience = e.audience
ORDER BY `day`, audience
