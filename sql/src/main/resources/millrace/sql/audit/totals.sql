-- Information, no violation: how many rows of each kind the lake holds.
-- reads all five tables · result one row per tenant and table; dead letters without a tenant are one row (NULL)
-- parameter tenant: string = *
SELECT tenant, `table`, COUNT(*) AS records
FROM (
  SELECT tenant, 'events' AS `table` FROM lake.events
  UNION ALL
  SELECT tenant, 'duplicates' FROM lake.duplicates
  UNION ALL
  SELECT tenant, 'dead_letters' FROM lake.dead_letters
  UNION ALL
  SELECT tenant, 'sessions' FROM lake.sessions
  UNION ALL
  SELECT tenant, 'metrics_15m' FROM lake.metrics_15m
)
WHERE tenant IS NULL OR :tenant = '*' OR tenant = :tenant
GROUP BY tenant, `table`
ORDER BY tenant, `table`
