-- No event may be stored twice: a retry carries the same tenant, visitor and event id.
-- reads lake.events · result one row per event that is stored more than once, with its place in Kafka
-- parameter tenant: string = *
SELECT
  tenant,
  visitor_id,
  event_id,
  COUNT(*) AS stored,
  MIN(kafka_partition) AS kafka_partition,
  MIN(kafka_offset) AS first_offset,
  MAX(kafka_offset) AS last_offset
FROM lake.events
WHERE (:tenant = '*' OR tenant = :tenant)
GROUP BY tenant, visitor_id, event_id
HAVING COUNT(*) > 1
ORDER BY tenant, visitor_id, event_id
