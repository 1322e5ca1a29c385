-- How far do visits or visitors get in each configured funnel, and where do the others stop?
-- reads lake.funnel_steps · result one row per funnel, version and step; without bots
-- scope is what the funnel counts: session or visitor. minutes_since_previous is the mean over those who got there.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter funnel: string = *
WITH steps AS (
  SELECT
    funnel,
    version,
    `scope`,
    step,
    step_name,
    CASE WHEN `scope` = 'session' THEN session_id ELSE visitor_id END AS unit,
    CAST(occurred_at AS TIMESTAMP(3)) AS reached_at
  FROM lake.funnel_steps
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
    AND (:funnel = '*' OR funnel = :funnel)
),
followed AS (
  SELECT
    *,
    LAG(reached_at) OVER (PARTITION BY funnel, version, `scope`, unit ORDER BY step) AS previous_at
  FROM steps
),
counted AS (
  SELECT
    funnel,
    version,
    `scope`,
    step,
    step_name,
    COUNT(*) AS reached,
    AVG(CAST(TIMESTAMPDIFF(SECOND, previous_at, reached_at) AS DOUBLE)) AS seconds_since
  FROM followed
  GROUP BY funnel, version, `scope`, step, step_name
),
compared AS (
  SELECT
    *,
    FIRST_VALUE(reached) OVER (PARTITION BY funnel, version, `scope` ORDER BY step) AS reached_first,
    LAG(reached) OVER (PARTITION BY funnel, version, `scope` ORDER BY step) AS reached_before
  FROM counted
)
SELECT
  funnel,
  version,
  `scope`,
  step,
  step_name,
  reached,
  reached_before - reached AS stopped_before,
  CAST(100.0 * reached / reached_first AS DECIMAL(5, 1)) AS percent_of_first,
  CAST(seconds_since / 60 AS DECIMAL(12, 1)) AS minutes_since_previous
FROM compared
ORDER BY funnel, version, `scope`, step
