-- Every offset of events.raw below the last one used must be stored, a duplicate or a dead letter, unless it is a heartbeat.
-- reads lake.events, lake.duplicates, lake.dead_letters · result one row per range of unused offsets
-- Only Kafka knows which of these are heartbeats; whoever asks compares the ranges with the topic.
WITH used AS (
  SELECT kafka_partition, kafka_offset FROM lake.events
  UNION ALL
  SELECT kafka_partition, kafka_offset FROM lake.duplicates
  UNION ALL
  SELECT kafka_partition, kafka_offset FROM lake.dead_letters WHERE stage <> 'gateway'
),
neighbours AS (
  SELECT
    kafka_partition,
    kafka_offset,
    LAG(kafka_offset, 1, CAST(-1 AS BIGINT)) OVER (
      PARTITION BY kafka_partition ORDER BY kafka_offset
    ) AS previous_offset
  FROM used
)
SELECT
  kafka_partition,
  previous_offset + 1 AS from_offset,
  kafka_offset - 1 AS to_offset,
  kafka_offset - previous_offset - 1 AS offsets
FROM neighbours
WHERE kafka_offset > previous_offset + 1
ORDER BY kafka_partition, from_offset
