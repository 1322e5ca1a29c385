-- A session has one current row: its id is unique.
-- reads lake.sessions · result one row per session id with several rows
-- parameter tenant: string = *
SELECT
  tenant,
  session_id,
  COUNT(*) AS stored,
  MIN(started_at) AS first_start,
  MAX(started_at) AS last_start
FROM lake.sessions
WHERE (:tenant = '*' OR tenant = :tenant)
GROUP BY tenant, session_id
HAVING COUNT(*) > 1
ORDER BY tenant, session_id
