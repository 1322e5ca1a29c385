-- How many different visitors were there in each day, week and month, by the clock of a time zone?
-- reads lake.metrics_15m · result one row per period (day, week from Monday, month) and its first day; without bots
-- Sketches of the quarters are merged, so that a visitor counts once however often they came; the error is 0.8 %.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter zone: string = UTC
WITH quarters AS (
  SELECT
    visitors_sketch,
    CAST(
      SUBSTRING(
        CONVERT_TZ(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss'), 'UTC', :zone), 1, 10
      ) AS DATE
    ) AS `day`
  FROM lake.metrics_15m
  WHERE tenant = :tenant AND `grouping` = 'all' AND NOT bot
    AND window_start >= :from AND window_start < :to
),
placed AS (
  SELECT
    visitors_sketch,
    `period`,
    CASE `period`
      WHEN 'day' THEN `day`
      -- Monday 1970-01-05 starts week 0; Flink's own FLOOR(… TO WEEK) starts weeks on Sunday.
      WHEN 'week' THEN
        TIMESTAMPADD(
          DAY, -CAST(MOD(TIMESTAMPDIFF(DAY, DATE '1970-01-05', `day`), 7) AS INT), `day`)
      ELSE FLOOR(`day` TO MONTH)
    END AS first_day
  FROM quarters
  CROSS JOIN (VALUES ('day'), ('week'), ('month')) AS periods (`period`)
)
SELECT `period`, first_day, sketch_estimate(merge_sketches(visitors_sketch)) AS visitors
FROM placed
GROUP BY `period`, first_day
ORDER BY `period`, first_day
