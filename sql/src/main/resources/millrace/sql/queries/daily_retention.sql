-- Of the visitors first seen on a day, how many came back on each later day, by the clock of a time zone?
-- reads lake.events · result one row per first day and days since then; without bots
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter zone: string = UTC
WITH visitor_days AS (
  SELECT DISTINCT
    visitor_id,
    CAST(
      SUBSTRING(
        CONVERT_TZ(DATE_FORMAT(occurred_at, 'yyyy-MM-dd HH:mm:ss'), 'UTC', :zone), 1, 10
      ) AS DATE
    ) AS `day`
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at >= :from AND occurred_at < :to AND NOT bot
),
since_first AS (
  SELECT visitor_id, `day`, MIN(`day`) OVER (PARTITION BY visitor_id) AS first_day
  FROM visitor_days
),
cohorts AS (
  SELECT first_day, TIMESTAMPDIFF(DAY, first_day, `day`) AS days_later, COUNT(*) AS visitors
  FROM since_first
  GROUP BY first_day, TIMESTAMPDIFF(DAY, first_day, `day`)
)
SELECT
  first_day,
  days_later,
  visitors,
  CAST(
    100.0 * visitors / MAX(visitors) OVER (PARTITION BY first_day) AS DECIMAL(5, 1)
  ) AS visitor_percent
FROM cohorts
ORDER BY first_day, days_later
