-- What was sent but not stored as an event, and why?
-- reads lake.duplicates, lake.dead_letters · result one row per table, stage and code; the range is of arrival
-- parameter tenant: string
-- parameter from: timestamp = 1970-01-01
-- parameter to: timestamp = 9999-12-31
SELECT
  `table`,
  stage,
  code,
  COUNT(*) AS records,
  MIN(received_at) AS first_received,
  MAX(received_at) AS last_received
FROM (
  SELECT 'duplicates' AS `table`, stage, code, received_at
  FROM lake.duplicates
  WHERE tenant = :tenant AND received_at >= :from AND received_at < :to
  UNION ALL
  SELECT 'dead_letters', stage, code, received_at
  FROM lake.dead_letters
  -- A record that could not be read has no tenant; it concerns everyone.
  WHERE (tenant = :tenant OR tenant IS NULL) AND received_at >= :from AND received_at < :to
)
GROUP BY `table`, stage, code
ORDER BY `table`, records DESC, stage, code
