-- Information, no violation: how far each Kafka partition of events.raw has been used, and for what.
-- reads lake.events, lake.duplicates, lake.dead_letters · result one row per Kafka partition
SELECT
  kafka_partition,
  MIN(kafka_offset) AS first_offset,
  MAX(kafka_offset) AS last_offset,
  SUM(stored) AS stored,
  SUM(duplicate) AS duplicates,
  SUM(dead_letter) AS dead_letters
FROM (
  SELECT kafka_partition, kafka_offset, 1 AS stored, 0 AS duplicate, 0 AS dead_letter
  FROM lake.events
  UNION ALL
  SELECT kafka_partition, kafka_offset, 0, 1, 0 FROM lake.duplicates
  UNION ALL
  SELECT kafka_partition, kafka_offset, 0, 0, 1 FROM lake.dead_letters WHERE stage <> 'gateway'
)
GROUP BY kafka_partition
ORDER BY kafka_partition
