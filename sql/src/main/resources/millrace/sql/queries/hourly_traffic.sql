-- How much traffic was there each hour, by the clock of a time zone?
-- reads lake.metrics_15m · result one row per local hour
-- When clocks go back, the repeated hour has two rows, which differ in utc_offset_minutes.
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
-- parameter zone: string = UTC
WITH quarters AS (
  SELECT
    CAST(window_start AS TIMESTAMP(0)) AS utc_time,
    TO_TIMESTAMP(
      CONVERT_TZ(DATE_FORMAT(window_start, 'yyyy-MM-dd HH:mm:ss'), 'UTC', :zone)) AS local_time,
    events,
    page_views,
    sessions,
    bounces
  FROM lake.metrics_15m
  WHERE tenant = :tenant AND `grouping` = 'all'
    AND window_start >= :from AND window_start < :to
)
SELECT
  DATE_FORMAT(local_time, 'yyyy-MM-dd HH:00') AS local_hour,
  TIMESTAMPDIFF(MINUTE, utc_time, local_time) AS utc_offset_minutes,
  SUM(events) AS events,
  SUM(page_views) AS page_views,
  SUM(sessions) AS sessions,
  SUM(bounces) AS bounces
FROM quarters
GROUP BY
  DATE_FORMAT(local_time, 'yyyy-MM-dd HH:00'),
  TIMESTAMPDIFF(MINUTE, utc_time, local_time)
ORDER BY local_hour, utc_offset_minutes DESC
