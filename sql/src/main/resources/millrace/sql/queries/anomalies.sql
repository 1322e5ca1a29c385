-- What was unusual, how unusual, and what explains it?
-- reads lake.anomalies · result one row per alarm, newest first; withdrawn ones, which late data has explained, too
-- expected_from and expected_to are the band of what is usual; score is from 0 to 1.
-- parameter tenant: string
-- parameter from: timestamp = now-7d
-- parameter to: timestamp = now
-- parameter metric: string = *
SELECT
  CAST(window_start AS TIMESTAMP_LTZ(3)) AS window_start,
  metric,
  `grouping`,
  `value`,
  CAST(TIMESTAMPDIFF(MINUTE, CAST(window_start AS TIMESTAMP(3)), CAST(window_end AS TIMESTAMP(3))) AS INT) AS minutes,
  CAST(actual AS DECIMAL(18, 2)) AS actual,
  CAST(expected AS DECIMAL(18, 2)) AS expected,
  CAST(`lower` AS DECIMAL(18, 2)) AS expected_from,
  CAST(`upper` AS DECIMAL(18, 2)) AS expected_to,
  CAST(score AS DECIMAL(4, 2)) AS score,
  severity,
  state,
  fault,
  explanation
FROM lake.anomalies
WHERE tenant = :tenant AND window_start >= :from AND window_start < :to
  AND (score >= 0.5 OR state = 'withdrawn')
  AND (:metric = '*' OR metric = :metric)
ORDER BY window_start DESC, metric, `grouping`, `value`, minutes
