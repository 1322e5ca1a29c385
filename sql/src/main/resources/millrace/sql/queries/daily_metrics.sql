-- What happened each day, by the clock of a time zone, on the whole site or for each page, channel, country …?
-- reads lake.metrics_15m · result one row per local day and value of the grouping; without bots
-- A day is as long as its clock says, 23 or 25 hours when clocks change. Who came in several quarters is one visitor.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter zone: string = UTC
-- parameter grouping: string = all
WITH quarters AS (
  SELECT
    *,
    CAST(
      SUBSTRING(
        CONVERT_TZ(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss'), 'UTC', :zone), 1, 10
      ) AS DATE
    ) AS `day`
  FROM lake.metrics_15m
  WHERE tenant = :tenant AND `grouping` = :grouping AND NOT bot
    AND window_start >= :from AND window_start < :to
)
SELECT
  `day`,
  `value`,
  SUM(events) AS events,
  SUM(page_views) AS page_views,
  SUM(clicks) AS clicks,
  sketch_estimate(merge_sketches(visitors_sketch)) AS visitors,
  SUM(sessions) AS sessions,
  SUM(bounces) AS bounces,
  SUM(session_seconds) AS session_seconds,
  SUM(conversions) AS conversions,
  SUM(revenue_cents) AS revenue_cents
FROM quarters
GROUP BY `day`, `value`
ORDER BY `day`, `value`
