-- No record of events.raw may be used twice, neither in one table nor in two.
-- reads lake.events, lake.duplicates, lake.dead_letters · result one row per offset that was used more than once
-- Dead letters of the gateway are left out: they never were in events.raw.
SELECT
  kafka_partition,
  kafka_offset,
  COUNT(*) FILTER (WHERE `table` = 'events') AS in_events,
  COUNT(*) FILTER (WHERE `table` = 'duplicates') AS in_duplicates,
  COUNT(*) FILTER (WHERE `table` = 'dead_letters') AS in_dead_letters
FROM (
  SELECT 'events' AS `table`, kafka_partition, kafka_offset FROM lake.events
  UNION ALL
  SELECT 'duplicates', kafka_partition, kafka_offset FROM lake.duplicates
  UNION ALL
  SELECT 'dead_letters', kafka_partition, kafka_offset FROM lake.dead_letters
  WHERE stage <> 'gateway'
)
GROUP BY kafka_partition, kafka_offset
HAVING COUNT(*) > 1
ORDER BY kafka_partition, kafka_offset
