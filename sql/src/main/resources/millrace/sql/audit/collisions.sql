-- Information, no violation: the same event id from different visitors; each of these events is kept.
-- reads lake.events · result one row per such id
-- parameter tenant: string = *
SELECT tenant, event_id, COUNT(DISTINCT visitor_id) AS visitors, MIN(occurred_at) AS first_occurred
FROM lake.events
WHERE (:tenant = '*' OR tenant = :tenant)
GROUP BY tenant, event_id
HAVING COUNT(DISTINCT visitor_id) > 1
ORDER BY tenant, event_id
