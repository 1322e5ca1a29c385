-- How many visitors of each day were new, and how many had been here before?
-- reads lake.events · result one row per UTC day; without bots
-- New is who has no event on an earlier day, however long ago and also before :from.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
WITH visitor_days AS (
  SELECT
    visitor_id,
    CAST(occurred_at AS DATE) AS `day`,
    MIN(CAST(occurred_at AS DATE)) OVER (PARTITION BY visitor_id) AS first_day
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at < :to AND NOT bot
)
SELECT
  `day`,
  COUNT(DISTINCT visitor_id) AS visitors,
  COUNT(DISTINCT visitor_id) FILTER (WHERE `day` = first_day) AS new_visitors,
  COUNT(DISTINCT visitor_id) FILTER (WHERE `day` > first_day) AS returning_visitors
FROM visitor_days
WHERE `day` >= CAST(:from AS DATE)
GROUP BY `day`
ORDER BY `day`
