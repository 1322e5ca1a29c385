-- Of each minute's records, as many were stored, repeated, unusable or heartbeats as were received.
-- reads lake.ledger · result one row per tenant and minute that does not balance
-- parameter tenant: string = *
SELECT
  tenant,
  `minute`,
  SUM(CASE WHEN stage = 'received' THEN events ELSE 0 END) AS received,
  SUM(CASE WHEN stage = 'stored' THEN events ELSE 0 END) AS stored,
  SUM(CASE WHEN stage = 'duplicate' THEN events ELSE 0 END) AS duplicates,
  SUM(CASE WHEN stage = 'dead_letter' THEN events ELSE 0 END) AS dead_letters,
  SUM(CASE WHEN stage = 'heartbeat' THEN events ELSE 0 END) AS heartbeats
FROM lake.ledger
WHERE :tenant = '*' OR tenant = :tenant
GROUP BY tenant, `minute`
HAVING SUM(
  CASE stage
    WHEN 'received' THEN events
    WHEN 'refused' THEN 0
    ELSE -events
  END
) <> 0
ORDER BY tenant, `minute`
