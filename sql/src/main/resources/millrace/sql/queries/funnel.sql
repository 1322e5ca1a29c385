-- How many visits take three steps in their order, and where do the others stop?
-- reads lake.events, lake.sessions · result one row per step; without bots
-- A step is an event type. Between two steps anything may happen; a step counts once per session.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter step1: string = page_view
-- parameter step2: string = add_to_cart
-- parameter step3: string = purchase
WITH ordered AS (
  SELECT
    s.session_id,
    e.event_type,
    ROW_NUMBER() OVER (
      PARTITION BY s.session_id ORDER BY e.occurred_at, e.`sequence` NULLS FIRST, e.event_id
    ) AS place
  FROM lake.sessions AS s
  JOIN lake.events AS e
    ON e.tenant = s.tenant AND e.visitor_id = s.visitor_id
    AND e.occurred_at >= s.started_at AND e.occurred_at <= s.ended_at
  WHERE s.tenant = :tenant AND s.started_at >= :from AND s.started_at < :to AND NOT s.bot
    AND e.tenant = :tenant
),
first_step AS (
  SELECT
    *,
    MIN(CASE WHEN event_type = :step1 THEN place END) OVER (PARTITION BY session_id) AS place1
  FROM ordered
),
second_step AS (
  SELECT
    *,
    MIN(CASE WHEN event_type = :step2 AND place > place1 THEN place END)
      OVER (PARTITION BY session_id) AS place2
  FROM first_step
),
reached AS (
  SELECT
    session_id,
    MIN(place1) AS place1,
    MIN(place2) AS place2,
    MIN(CASE WHEN event_type = :step3 AND place > place2 THEN place END) AS place3
  FROM second_step
  GROUP BY session_id
),
totals AS (
  SELECT COUNT(place1) AS reached1, COUNT(place2) AS reached2, COUNT(place3) AS reached3
  FROM reached
),
steps AS (
  SELECT 1 AS step, :step1 AS event_type, reached1 AS sessions, reached1 AS before, reached1
  FROM totals
  UNION ALL
  SELECT 2, :step2, reached2, reached1, reached1 FROM totals
  UNION ALL
  SELECT 3, :step3, reached3, reached2, reached1 FROM totals
)
SELECT
  step,
  event_type,
  sessions,
  before - sessions AS stopped_before,
  CAST(100.0 * sessions / NULLIF(reached1, 0) AS DECIMAL(5, 1)) AS percent_of_first
FROM steps
ORDER BY step
