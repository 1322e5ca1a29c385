-- Of the visitors first seen in a week, how many came back in each later week?
-- reads lake.events · result one row per first week (its Monday, UTC) and weeks since then; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH visitor_weeks AS (
  SELECT DISTINCT
    visitor_id,
    -- Monday 1970-01-05 starts week 0; Flink's own FLOOR(… TO WEEK) starts weeks on Sunday.
    TIMESTAMPDIFF(DAY, DATE '1970-01-05', CAST(occurred_at AS DATE)) / 7 AS `week`
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
),
since_first AS (
  SELECT
    visitor_id,
    `week`,
    MIN(`week`) OVER (PARTITION BY visitor_id) AS first_week
  FROM visitor_weeks
),
cohorts AS (
  SELECT first_week, `week` - first_week AS weeks_later, COUNT(*) AS visitors
  FROM since_first
  GROUP BY first_week, `week` - first_week
)
SELECT
  TIMESTAMPADD(DAY, CAST(first_week * 7 AS INT), DATE '1970-01-05') AS first_week,
  weeks_later,
  visitors,
  CAST(
    100.0 * visitors / MAX(visitors) OVER (PARTITION BY first_week) AS DECIMAL(5, 1)
  ) AS visitor_percent
FROM cohorts
ORDER BY first_week, weeks_later
