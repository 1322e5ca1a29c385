-- How does a period compare with the one of the same length just before it?
-- reads lake.sessions, lake.events · result one row per measure; without bots
-- parameter tenant: string
-- parameter from: timestamp = now-7d
-- parameter to: timestamp = now
WITH measured AS (
  SELECT
    'page_views' AS measure,
    COUNT(*) FILTER (WHERE occurred_at >= :from) AS now_value,
    COUNT(*) FILTER (WHERE occurred_at < :from) AS previous_value
  FROM lake.events
  WHERE tenant = :tenant AND occurred_at < :to
    AND occurred_at >= TIMESTAMPADD(SECOND, -TIMESTAMPDIFF(SECOND, :from, :to), :from)
    AND event_type = 'page_view' AND NOT bot
  UNION ALL
  SELECT
    measure,
    SUM(amount) FILTER (WHERE started_at >= :from),
    SUM(amount) FILTER (WHERE started_at < :from)
  FROM (
    SELECT
      measure,
      started_at,
      CASE measure
        WHEN 'sessions' THEN 1
        WHEN 'bounces' THEN CASE WHEN bounce THEN 1 ELSE 0 END
        WHEN 'conversions' THEN conversions
        ELSE revenue_cents
      END AS amount
    FROM lake.sessions
    CROSS JOIN (
      VALUES ('sessions'), ('bounces'), ('conversions'), ('revenue_cents')) AS listed (measure)
    WHERE tenant = :tenant AND started_at < :to AND NOT bot
      AND started_at >= TIMESTAMPADD(SECOND, -TIMESTAMPDIFF(SECOND, :from, :to), :from)
  )
  GROUP BY measure
)
SELECT
  measure,
  COALESCE(now_value, 0) AS now_value,
  COALESCE(previous_value, 0) AS previous_value,
  COALESCE(now_value, 0) - COALESCE(previous_value, 0) AS difference,
  CAST(
    100.0 * (COALESCE(now_value, 0) - previous_value) / NULLIF(previous_value, 0)
    AS DECIMAL(10, 1)
  ) AS difference_percent
FROM measured
ORDER BY measure
