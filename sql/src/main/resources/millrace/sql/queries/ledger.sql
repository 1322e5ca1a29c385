-- What became of everything that arrived, minute by minute?
-- reads lake.ledger · result one row per minute of arrival; unaccounted is 0, and refused never came into events.raw
-- parameter tenant: string
-- parameter from: timestamp = now-1h
-- parameter to: timestamp = now
SELECT
  `minute`,
  SUM(CASE WHEN stage = 'received' THEN events ELSE 0 END) AS received,
  SUM(CASE WHEN stage = 'stored' THEN events ELSE 0 END) AS stored,
  SUM(CASE WHEN stage = 'duplicate' THEN events ELSE 0 END) AS duplicates,
  SUM(CASE WHEN stage = 'dead_letter' THEN events ELSE 0 END) AS dead_letters,
  SUM(
    CASE
      WHEN stage = 'received' THEN events
      WHEN stage IN ('stored', 'duplicate', 'dead_letter') THEN -events
      ELSE 0
    END
  ) AS unaccounted,
  SUM(CASE WHEN stage = 'refused' THEN events ELSE 0 END) AS refused
FROM lake.ledger
WHERE tenant = :tenant
  AND `minute` >= :from
  AND `minute` < :to
GROUP BY `minute`
ORDER BY `minute`
