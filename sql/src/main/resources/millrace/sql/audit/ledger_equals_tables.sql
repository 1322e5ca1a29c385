-- What the ledger says was stored, repeated, unusable or refused in a minute are the rows that the tables have of it.
-- reads lake.ledger, lake.events, lake.duplicates, lake.dead_letters · result one row per tenant, minute and stage that differs
-- Minutes after the last one in the ledger are not complete and are left out.
-- parameter tenant: string = *
WITH counted AS (
  SELECT tenant, `minute`, stage, SUM(ledger_events) AS ledger_events, SUM(table_rows) AS table_rows
  FROM (
    SELECT
      tenant,
      `minute`,
      stage,
      events AS ledger_events,
      CAST(0 AS BIGINT) AS table_rows
    FROM lake.ledger
    WHERE stage NOT IN ('received', 'heartbeat')
    UNION ALL
    SELECT
      tenant,
      CAST(FLOOR(CAST(received_at AS TIMESTAMP(6)) TO MINUTE) AS TIMESTAMP_LTZ(6)),
      stage,
      CAST(0 AS BIGINT),
      CAST(1 AS BIGINT)
    FROM (
      SELECT tenant, received_at, 'stored' AS stage FROM lake.events
      UNION ALL
      SELECT tenant, received_at, 'duplicate' FROM lake.duplicates
      UNION ALL
      SELECT
        COALESCE(tenant, '-'),
        received_at,
        CASE WHEN stage = 'gateway' THEN 'refused' ELSE 'dead_letter' END
      FROM lake.dead_letters
    )
    WHERE received_at IS NOT NULL
  )
  WHERE :tenant = '*' OR tenant = :tenant
  GROUP BY tenant, `minute`, stage
)
SELECT tenant, `minute`, stage, ledger_events, table_rows
FROM counted
WHERE ledger_events <> table_rows
  AND `minute` <= (SELECT MAX(`minute`) FROM lake.ledger)
ORDER BY tenant, `minute`, stage
