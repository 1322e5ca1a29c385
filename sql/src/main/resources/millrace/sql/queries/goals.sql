-- How often was each goal reached, by how many visitors, and in what share of the visits?
-- reads lake.conversions, lake.sessions · result one row per goal, most conversions first; without bots
-- session_percent: of the sessions that began in this time, those in which the goal was reached. Revenue is summed as it
-- came, in whatever currency.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH visits AS (
  SELECT session_id
  FROM lake.sessions
  WHERE tenant = :tenant AND started_at >= :from AND started_at < :to AND NOT bot
),
reached AS (
  SELECT goal, visitor_id, session_id, revenue_cents
  FROM lake.conversions
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
),
by_goal AS (
  SELECT
    r.goal,
    COUNT(*) AS conversions,
    COUNT(DISTINCT r.visitor_id) AS visitors,
    COUNT(DISTINCT v.session_id) AS converted_sessions,
    COALESCE(SUM(r.revenue_cents), 0) AS revenue_cents
  FROM reached AS r
  LEFT JOIN visits AS v ON v.session_id = r.session_id
  GROUP BY r.goal
),
all_visits AS (
  SELECT COUNT(*) AS sessions FROM visits
)
SELECT
  goal,
  conversions,
  visitors,
  converted_sessions,
  CAST(100.0 * converted_sessions / NULLIF(sessions, 0) AS DECIMAL(5, 1)) AS session_percent,
  revenue_cents
FROM by_goal
CROSS JOIN all_visits
ORDER BY conversions DESC, goal
